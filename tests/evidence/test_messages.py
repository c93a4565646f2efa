"""What errors of runs mean: words of AWS and of moto, as they were seen."""

from __future__ import annotations

import pytest

from reviewgen.evidence import messages
from reviewgen.model.diagnostic import Diagnostic

HEAD = "operation error {}: {}, https response error StatusCode: {}, RequestID: ..., "
POLICY = "attaching IAM Policy (arn:aws:iam::aws:policy/service-role/ConfigRole) to IAM Role (x): " + HEAD.format(
    "IAM", "AttachRolePolicy", 404
)
METRIC = "creating S3 Bucket (x) Metric: " + HEAD.format("S3", "PutBucketMetricsConfiguration", 400) + "HostID: ..., api error "
WINDOWS = "creating RDS DB Instance (x): " + HEAD.format("RDS", "CreateDBInstance", 400) + "api error InvalidParameterValue: "
BUCKET = (
    "creating S3 Bucket (x): " + HEAD.format("S3", "CreateBucket", 400) + "api error IllegalLocationConstraintException: The unspecified"
)

CASES = {
    "a policy that does not exist": (
        POLICY + "NoSuchEntity: Policy arn:aws:iam::aws:policy/service-role/ConfigRole does not exist or is not attachable.",
        ("", "RG121"), ("", "RG121"),
    ),
    "an operation that moto does not have": (HEAD.format("X", "Y", 501) + "api error NotImplemented: not yet", ("emulator", ""), ("emulator", "")),
    "an answer that moto gives by mistake": (METRIC + "IllegalLocationConstraintException: The unspecified location", ("emulator", ""), None),
    "the same words where they are meant": (BUCKET, None, None),
    "windows that moto takes for overlapping": (WINDOWS + "The backup window and maintenance window must not overlap.", ("emulator", ""), None),
    "an image that moto does not know": (HEAD.format("EC2", "RunInstances", 400) + "api error InvalidAMIID.NotFound: x", ("emulator", ""), ("", "RG502")),
    "a version that moto does not know": ("api error InvalidParameterCombination: Cannot find version 15.4 for postgres", None, ("", "RG203")),
    "a role that exists": ("EntityAlreadyExists: Role with name x already exists.", ("account", ""), ("account", "")),
    "no network": ('Post "https://x": dial tcp: lookup x: no such host', ("account", ""), ("account", "")),
    "a key that may not be used": ("AccessDeniedException: The specified KMS key does not exist or is not allowed to be used", ("", "RG101"), ("", "RG101")),
    "an answer that is no XML": (
        HEAD.format("CloudFront", "CreateCloudFrontOriginAccessIdentity", 404) + "error while deserializing xml error response: XML syntax error",
        ("emulator", ""), None,
    ),
    "a name that ends with a hyphen": ('"name" cannot end with a hyphen: "web-alb-"', ("", "RG602"), ("", "RG602")),
    "words that nobody knows": ("InvalidParameter: Something else", None, None),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_what_an_error_means(what: str) -> None:
    text, emulated, real = CASES[what]
    for expected, on_emulator in ((emulated, True), (real, False)):
        found = messages.known(Diagnostic("error", text), emulated=on_emulator)
        assert (None if found is None else (found.kind, found.rule)) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (POLICY + "NoSuchEntity: Policy x does not exist", "NoSuchEntity"),
        (WINDOWS + "The backup window", "InvalidParameterValue"),
        (METRIC + "IllegalLocationConstraintException: The", "IllegalLocationConstraintException"),
        ("waiting for SQS Queue attributes create: context canceled", ""),
    ],
)
def test_the_code_of_an_answer(text: str, code: str) -> None:
    assert messages.code(Diagnostic("error", text)) == code
