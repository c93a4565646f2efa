locals {
  words = [
### Second thoughts
---
