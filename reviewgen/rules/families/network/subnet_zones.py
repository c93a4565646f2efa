"""RG460: subnets in an Availability Zone of another region."""

from __future__ import annotations

import re
from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import copies
from reviewgen.terraform.zones import named_zone

from ...base import Hit, Rule
from ...keys import created
from ...places import code, region, region_place
from ...values import variable_behind

# A zone is named after its region by a letter behind it; the longer names of Local Zones and Wavelength Zones are not read.
_REGION = r"([a-z]{2}(?:-[a-z]+)+-\d)"
_ZONE = re.compile(f"{_REGION}[a-z]")


def zone_of_another_region(graph: Graph) -> Iterator[Hit]:
    """A subnet whose zone, by its name, is one of another region than the one in which its provider works."""
    for subnet in graph.of_type("aws_subnet"):
        here = region(graph, subnet) if created(graph, subnet) else None
        zone = _foreign(graph, subnet, here) if here is not None and re.fullmatch(_REGION, here) else ""
        if zone:
            yield Hit(
                subnet.address,
                f"With the values that the code gives {code(subnet.address)} is to stand in {code(zone)}, and its provider works in "
                f"{code(str(here))}: EC2 knows the zones of that region only.",
                f"{code(subnet.address)} stands in no Availability Zone of another region than the provider's",
                attribute="availability_zone",
                related=(*region_place(graph, subnet), *variable_behind(graph, subnet, "availability_zone")),
                message=f"InvalidParameterValue: Value ({zone}) for parameter availabilityZone is invalid.",
            )


def _foreign(graph: Graph, subnet: Declaration, here: str) -> str:
    """Return the first zone of a copy that is not one of a region."""
    expr = subnet.block.value("availability_zone")
    for scope in copies(graph, subnet):
        zone = named_zone(expr, scope) if expr is not None else ""
        match = _ZONE.fullmatch(zone)
        if match and match[1] != here:
            return zone
    return ""


RULES = (
    Rule(
        "RG460",
        "subnet-zone-of-another-region",
        "Subnet in an Availability Zone of another region",
        Category.BLOCKER,
        Severity.CRITICAL,
        zone_of_another_region,
        "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSubnet.html",
        stage=Stage.APPLY,
        impact=(("Deployment", "The subnet is not created, and neither is what is to stand in it."),),
        lesson="Zones are named after their region: where the region changes with the environment, zones have to come from the same place.",
        advice="Read the zones from `aws_availability_zones`, or take the provider's region and the zones from one value.",
    ),
)
