#!/bin/sh
cfn-signal --stack ${AWS::StackName} --region ${region}
