"""Which widgets of a dashboard are shown as the repair of some: metrics of several namespaces have one name."""

from __future__ import annotations

from tests.review.test_correction import issues
from tests.review.test_smallest_correction import of, shown

WIDGET = """      {{
        type = "metric"
        properties = {{
          metrics = [
            ["{}", "CPUUtilization"{}]
          ]
          period = 300
          title  = "{}"
        }}
      }},
"""
DASHBOARD = 'resource "aws_cloudwatch_dashboard" "main" {{\n  dashboard_body = jsonencode({{\n    widgets = [\n{}    ]\n  }})\n}}\n'


def test_widgets_of_another_namespace_are_not_the_repair() -> None:
    bare = WIDGET.format("AWS/ECS", "", "Tasks") + WIDGET.format("AWS/RDS", "", "Database")
    named = WIDGET.format("AWS/ECS", ', "ClusterName", "shop"', "Tasks") + WIDGET.format(
        "AWS/RDS", ', "DBInstanceIdentifier", "db"', "Database"
    )
    code = shown(of(issues(DASHBOARD.format(bare), DASHBOARD.format(named)), "RG822"))
    assert '"AWS/ECS"' in code
    assert '"AWS/RDS"' not in code
