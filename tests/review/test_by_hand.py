"""What the guide of an answer has made before Terraform runs is there."""

from __future__ import annotations

import pytest

from reviewgen import pipeline
from reviewgen.config import Config
from reviewgen.sample import of_documents, read_markdown

CODE = (
    '```hcl\nterraform {\n  backend "s3" {\n    bucket = "your-state-bucket"\n    key = "a"\n  }\n}\nresource "aws_sns_topic" "t" {}\n```\n'
)
MADE = "\n## Set up\n\n```bash\naws s3 mb s3://%s --region us-east-1\n```\n"
CREATED = "\n## Set up\n\n```bash\naws s3api create-bucket \\\n  --bucket %s \\\n  --region us-east-1\n```\n"


@pytest.mark.parametrize(
    ("guide", "told"),
    [("", True), (MADE % "your-state-bucket", False), (CREATED % "your-state-bucket", False), (MADE % "your-state-bucket-logs", True)],
)
def test_a_placeholder_that_the_guide_has_made_is_a_bucket(guide: str, told: bool) -> None:
    model, ideal = read_markdown(CODE + guide, "MODEL"), read_markdown(CODE, "IDEAL")
    found = pipeline.review_sample(of_documents(model, ideal, None, "x"), Config())
    assert ("RG622" in {issue.rule for issue in found.issues}) is told
