#!/bin/sh
echo ${VAR:-x}
