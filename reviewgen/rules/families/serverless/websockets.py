"""RG312: WebSocket APIs of API Gateway."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph

from ...base import Hit, Rule
from ...places import code

_DOCS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-websocket-api-route-keys-connect-disconnect.html"
# The kinds that API Gateway knows for WebSocket APIs, beside ``NONE``.
_KINDS = ("AWS_IAM", "CUSTOM")


def authorization_after_connecting(graph: Graph) -> Iterator[Hit]:
    """A route of a WebSocket API with authorization that is not the one over which clients connect."""
    for route in graph.of_type("aws_apigatewayv2_route"):
        key, kind = (graph.argument(route, name) for name in ("route_key", "authorization_type"))
        apis = [t for t in graph.targets(route.block.value("api_id"), route.module) if _is_for_websockets(graph, t)]
        if apis and isinstance(key, str) and key != "$connect" and kind in _KINDS:
            yield Hit(
                route.address,
                f"{code(route.address)} sets `authorization_type` to `{kind}` for the route `{key}` of the WebSocket API "
                f"{code(apis[0].address)}, which takes authorization for `$connect` only.",
                f"{code(route.address)} asks for no authorization, or is the route `$connect`",
                attribute="authorization_type",
                related=(f"{route.address}.route_key", apis[0].address),
            )


def _is_for_websockets(graph: Graph, api: Declaration) -> bool:
    return api.type == "aws_apigatewayv2_api" and graph.argument(api, "protocol_type") == "WEBSOCKET"


RULES = (
    Rule(
        "RG312",
        "apigw-websocket-authorization",
        "Authorization on a WebSocket route other than `$connect`",
        Category.BLOCKER,
        Severity.HIGH,
        authorization_after_connecting,
        _DOCS,
        stage=Stage.APPLY,
        message="BadRequestException: Currently, authorization is restricted to the $connect route only",
        impact=(("Deployment", "The route cannot be created."),),
        lesson="A WebSocket client is authorized once, when it connects: the other routes belong to a connection that is open already.",
        advice="Take `authorization_type` out of the route, and set it for `$connect`.",
    ),
)
