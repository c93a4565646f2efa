"""What tests of several rooms share."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings

# How long one made-up case takes depends on what else the machine does, and says nothing about the code.
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")

FENCE = "```"
MODEL = f"""# Answer

### main.tf

{FENCE}hcl
resource "aws_api_gateway_rest_api" "a" {{
  name = "orders"
}}

resource "aws_api_gateway_deployment" "a" {{
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = "live"
}}
{FENCE}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A small sample: a deprecated argument that IDEAL keeps, and a topic that it adds."""
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "PROMPT.md").write_text("1. Create an API with a deployment.\n2. Send alerts to an SNS topic.\n")
    (folder / "MODEL_RESPONSE.md").write_text(MODEL)
    (folder / "IDEAL_RESPONSE.md").write_text(
        MODEL.replace(f"}}\n{FENCE}\n", f'}}\n\nresource "aws_sns_topic" "alerts" {{\n  name = "alerts"\n}}\n{FENCE}\n')
    )
    return folder
