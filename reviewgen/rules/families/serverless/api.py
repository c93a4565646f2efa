"""RG302 to RG310: methods, deployments and logs of API Gateway; ``stages`` has what its stages are made of."""

from __future__ import annotations

from collections.abc import Iterator

from reviewgen.model.review import Category, Severity, Stage
from reviewgen.model.tree import Declaration
from reviewgen.terraform import Graph
from reviewgen.terraform.instances import left_out

from ...base import Hit, Rule
from ...places import code, is_true

_API_DOCS = "https://docs.aws.amazon.com/apigateway/latest/developerguide/"
_PUBLIC = (["EDGE"], ["REGIONAL"])
_METHOD_PARTS = ("aws_api_gateway_method", "aws_api_gateway_integration", "aws_api_gateway_integration_response")


def of_api(graph: Graph, type_: str, api: Declaration, argument: str = "rest_api_id") -> list[Declaration]:
    """Return the parts of an API of one resource type."""
    return [d for d in graph.of_type(type_) if api in graph.targets(d.block.value(argument), d.module)]


def deployment_before_methods(graph: Graph) -> Iterator[Hit]:
    """A deployment that waits for none of the API's methods: it takes its picture of an empty API."""
    for api in graph.of_type("aws_api_gateway_rest_api"):
        methods = of_api(graph, "aws_api_gateway_method", api)
        for deployment in of_api(graph, "aws_api_gateway_deployment", api):
            if methods and "body" not in api.block.attributes and not _waits(graph, deployment):
                yield Hit(
                    deployment.address,
                    f"{code(deployment.address)} refers neither to the methods nor to the integrations of {code(api.address)}, so Terraform "
                    "does not create them first.",
                    f"{code(deployment.address)} depends on a method or an integration",
                    attribute="depends_on",
                    related=tuple(m.address for m in methods[:3]),
                )


def _waits(graph: Graph, deployment: Declaration) -> bool:
    """Whether anything that a deployment refers to leads to a method, modules and locals included."""
    seen: set[str] = set()
    queue = [deployment.address]
    while queue:
        address = queue.pop()
        for reference in graph.outgoing.get(address, ()):
            target = graph.get(reference.target)
            if target is None or target.kind in ("module", "variable") or target.type in _METHOD_PARTS:
                return True
            if target.address not in seen:
                seen.add(target.address)
                queue.append(target.address)
    return False


def deployment_without_triggers(graph: Graph) -> Iterator[Hit]:
    """A deployment that Terraform never makes anew."""
    for deployment in graph.of_type("aws_api_gateway_deployment"):
        lifecycle = any("replace_triggered_by" in b.attributes for b in deployment.block.nested("lifecycle"))
        if not {"triggers", "stage_description", "variables"} & set(deployment.block.attributes) and not lifecycle:
            yield Hit(
                deployment.address,
                f"{code(deployment.address)} has no `triggers`: Terraform makes it once and never anew, and methods or integrations that are "
                "added later are not in the snapshot which the stage serves.",
                f"{code(deployment.address)} sets `triggers`, `variables`, `stage_description` or `replace_triggered_by`",
                attribute="triggers",
            )


def method_without_integration(graph: Graph) -> Iterator[Hit]:
    """A method that no integration belongs to, in an API that is deployed."""
    for api in graph.of_type("aws_api_gateway_rest_api"):
        if not of_api(graph, "aws_api_gateway_deployment", api) or graph.tree.incomplete or graph.has_remote_modules:
            continue
        # One whose API is that of a loop's value may belong to any method.
        unknown = [i for i in graph.of_type("aws_api_gateway_integration") if not graph.targets(i.block.value("rest_api_id"), i.module)]
        integrations = [*of_api(graph, "aws_api_gateway_integration", api), *unknown]
        for method in of_api(graph, "aws_api_gateway_method", api):
            if not any(_belongs(graph, i, method) for i in integrations):
                yield Hit(
                    method.address,
                    f"{code(method.address)} has no integration, so {code(api.address)} cannot be deployed.",
                    f"{code(method.address)} has an integration",
                    related=(api.address,),
                )


def _belongs(graph: Graph, integration: Declaration, method: Declaration) -> bool:
    """Whether an integration may be that of a method: it names the method, or the same resource and perhaps the same verb."""
    named = (integration.block.value(name) for name in ("http_method", "for_each"))
    if any(method in graph.targets(expr, integration.module) for expr in named):
        return True
    resources = [{t.address for t in graph.targets(d.block.value("resource_id"), d.module)} for d in (integration, method)]
    verbs = [graph.argument(d, "http_method") for d in (integration, method)]
    other = [t for t in graph.targets(integration.block.value("http_method"), integration.module) if t.type == "aws_api_gateway_method"]
    same = not all(resources) or bool(resources[0] & resources[1])
    return same and not other and (verbs[0] == verbs[1] or not all(isinstance(v, str) for v in verbs))


# How the setting of the account is called in the API and in CloudFormation.
_ACCOUNT_ROLE = "cloudwatchrolearn"
# Kinds of integrations that call something else than the API of Lambda, whatever the address is made of.
_OTHER_CALLS = ("HTTP", "HTTP_PROXY", "MOCK")


def logging_without_account(graph: Graph) -> Iterator[Hit]:
    """Logs of a stage need a role in the account's API Gateway settings."""
    if graph.of_type("aws_api_gateway_account") or graph.has_remote_modules or graph.tree.incomplete:
        return
    if any(_ACCOUNT_ROLE in file.text.lower() for file in graph.files.values()):
        return  # a command or another template sets the role
    for stage in graph.of_type("aws_api_gateway_stage"):
        if left_out(graph, stage, "access_log_settings"):
            continue
        logs = list(stage.block.nested("access_log_settings"))
        streams = (t for b in logs for t in graph.targets(b.value("destination_arn"), stage.module))
        # A delivery stream is written with a role of the service itself.
        if logs and not any(t.type == "aws_kinesis_firehose_delivery_stream" for t in streams):
            yield _accountless(stage, "access_log_settings", "access logs")
    for settings in graph.of_type("aws_api_gateway_method_settings"):
        if graph.argument(settings, "settings", "logging_level") in ("INFO", "ERROR"):
            yield _accountless(settings, "settings.logging_level", "execution logs")


def _accountless(declaration: Declaration, attribute: str, what: str) -> Hit:
    return Hit(
        declaration.address,
        f"{code(declaration.address)} switches on {what}, and no `aws_api_gateway_account` gives API Gateway a role that may write them. "
        "The setting is one for the account and region; where nobody has made it before, the apply fails.",
        f"an `aws_api_gateway_account` is declared, or {code(declaration.address)} switches on no {what}",
        attribute=attribute,
    )


def lambda_verb(graph: Graph) -> Iterator[Hit]:
    """A function is invoked with POST, whatever the client's verb."""
    for integration in graph.of_type("aws_api_gateway_integration"):
        functions = [t for t in graph.targets(integration.block.value("uri"), integration.module) if t.type == "aws_lambda_function"]
        verb = graph.argument(integration, "integration_http_method")
        missing = "integration_http_method" not in integration.block.attributes
        lambdas = functions and graph.argument(integration, "type") not in _OTHER_CALLS
        if lambdas and (missing or (isinstance(verb, str) and verb != "POST")):
            said = "does not set `integration_http_method`" if missing else f"sets `integration_http_method` to `{verb}`"
            yield Hit(
                integration.address,
                f"{code(integration.address)} {said}; Lambda functions are invoked with `POST` only.",
                f"{code(integration.address)} sets `integration_http_method` to `POST`, or invokes no function",
                attribute="integration_http_method",
                related=(functions[0].address,),
                title="API integration does not set the verb with which it invokes a function" if missing else "",
                stage=Stage.APPLY if missing else None,
                message="BadRequestException: Enumeration value for HttpMethod must be non-empty" if missing else "",
            )


def authorizer_missing(graph: Graph) -> Iterator[Hit]:
    """``CUSTOM`` or ``COGNITO_USER_POOLS`` without the authorizer."""
    for method in graph.of_type("aws_api_gateway_method"):
        kind = graph.argument(method, "authorization")
        if kind in ("CUSTOM", "COGNITO_USER_POOLS") and "authorizer_id" not in method.block.attributes:
            yield Hit(
                method.address,
                f"{code(method.address)} asks for authorization of the kind `{kind}` but names no authorizer.",
                f"{code(method.address)} sets `authorizer_id`, or asks for no authorization of this kind",
                attribute="authorizer_id",
                source=_API_DOCS + "apigateway-integrate-with-cognito.html" if kind == "COGNITO_USER_POOLS" else "",
            )


def key_without_plan(graph: Graph) -> Iterator[Hit]:
    """A method that wants an API key, in a tree without usage plans."""
    if graph.of_type("aws_api_gateway_usage_plan") or graph.has_remote_modules or graph.tree.incomplete:
        return
    for method in graph.of_type("aws_api_gateway_method"):
        if is_true(graph, method, "api_key_required"):
            yield Hit(
                method.address,
                f"{code(method.address)} requires an API key, but no usage plan exists: keys count only through a usage plan of the stage.",
                f"a usage plan is declared, or {code(method.address)} requires no API key",
                attribute="api_key_required",
            )


def open_method(graph: Graph) -> Iterator[Hit]:
    """A method that everybody may call."""
    for api in graph.of_type("aws_api_gateway_rest_api"):
        private = any(api.block.nested("endpoint_configuration")) and graph.argument(api, "endpoint_configuration", "types") not in _PUBLIC
        if private or "policy" in api.block.attributes or of_api(graph, "aws_api_gateway_rest_api_policy", api) or _keeps_out(graph, api):
            continue
        for method in of_api(graph, "aws_api_gateway_method", api):
            free = graph.argument(method, "authorization") == "NONE" and not is_true(graph, method, "api_key_required")
            if free and graph.argument(method, "http_method") not in ("OPTIONS", None):
                yield Hit(
                    method.address,
                    f"{code(method.address)} has `authorization` `NONE` and needs no key: everybody who knows the address of "
                    f"{code(api.address)} can call it.",
                    f"{code(method.address)} asks for authorization or a key, or a policy of the API is declared",
                    attribute="authorization",
                    related=(api.address,),
                    unless=_OPEN_TO_ALL,
                )


def _keeps_out(graph: Graph, api: Declaration) -> bool:
    """Whether something in front of an API may admit some clients only: a domain that asks for their certificates, a firewall that blocks by default."""
    domains = (d for d in graph.of_type("aws_api_gateway_domain_name") if any(d.block.nested("mutual_tls_authentication")))
    walls = (w for w in graph.of_type("aws_wafv2_web_acl") if any(w.block.nested("default_action", "block")))
    behind = is_true(graph, api, "disable_execute_api_endpoint") and any(domains)
    return behind or (any(walls) and bool(graph.of_type("aws_wafv2_web_acl_association")))


# Words by which PROMPT itself leaves the methods open.
_OPEN_TO_ALL = (
    r"\b(?:no|without|skip|omit|leave out) (?:any |api |lambda )?(?:authori[sz](?:ers?|ations?)|authentication|auth)\b(?! (?:bypass|gap|hole|issue))|"
    r"\bauthori[sz]ation\W{1,4}none\b"
)


RULES = (
    Rule(
        "RG302",
        "apigw-deployment-before-methods",
        "API Gateway deployment does not wait for the API's methods",
        Category.BLOCKER,
        Severity.HIGH,
        deployment_before_methods,
        _API_DOCS + "how-to-deploy-api.html",
        stage=Stage.APPLY,
        message="BadRequestException: The REST API doesn't contain any methods",
        impact=(("Deployment", "API Gateway refuses the deployment of an API that has no method yet."),),
        lesson="A deployment is a snapshot: it must depend on everything that belongs into the picture.",
        advice="Add `depends_on` with all integrations, and `triggers` with a hash of them.",
    ),
    Rule(
        "RG303",
        "apigw-deployment-without-triggers",
        "Deployment of an API that is never made anew",
        Category.WARNING,
        Severity.MEDIUM,
        deployment_without_triggers,
        "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_deployment",
        tier=2,
        stage=Stage.RUNTIME,
        impact=(("Operations", "Later changes of methods and integrations are applied without an error and reach no client."),),
        lesson="A deployment does not change by itself when the API changes.",
        # Ids stay when a method or an integration is changed in place: the page says so of its own example.
        advice="Set `triggers` to a hash of methods and integrations as a whole, not of their ids alone, with `create_before_destroy`.",
    ),
    Rule(
        "RG304",
        "apigw-method-without-integration",
        "API method without integration",
        Category.BLOCKER,
        Severity.CRITICAL,
        method_without_integration,
        _API_DOCS + "how-to-method-settings.html",
        stage=Stage.APPLY,
        message="BadRequestException: No integration defined for method",
        impact=(("Deployment", "The API's deployment fails, and with it stage and everything behind it."),),
        lesson="Each method needs an integration before the API can be deployed.",
        advice="Add an `aws_api_gateway_integration` for the method.",
        cures=("aws_api_gateway_integration",),
    ),
    Rule(
        "RG305",
        "apigw-logging-without-account-role",
        "API Gateway logging without the account's log role",
        Category.BLOCKER,
        Severity.HIGH,
        logging_without_account,
        _API_DOCS + "set-up-logging.html",
        stage=Stage.APPLY,
        message="BadRequestException: CloudWatch Logs role ARN must be set in account settings to enable logging",
        impact=(("Deployment", "The stage or its settings cannot be created in an account where the role is not set."),),
        lesson="API Gateway writes logs with one role for the account and region, which must be set first.",
        advice="Declare `aws_api_gateway_account` with a role for `apigateway.amazonaws.com`, and let the stage depend on it.",
        cures=("aws_api_gateway_account",),
    ),
    Rule(
        "RG307",
        "apigw-lambda-verb",
        "Lambda function invoked with another verb than POST",
        Category.CRITICAL,
        Severity.HIGH,
        lambda_verb,
        _API_DOCS + "set-up-lambda-proxy-integrations.html",
        fix_class="C",
        stage=Stage.RUNTIME,
        impact=(("Function", "No call of the API reaches the function."),),
        lesson="The verb of the integration is that of the Lambda API, not the client's.",
        advice='Set `integration_http_method = "POST"`.',
    ),
    Rule(
        "RG308",
        "apigw-authorizer-missing",
        "API method without the authorizer it asks for",
        Category.BLOCKER,
        Severity.CRITICAL,
        authorizer_missing,
        _API_DOCS + "apigateway-use-lambda-authorizer.html",
        stage=Stage.APPLY,
        message="BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM or COGNITO_USER_POOLS "
        "requires a valid authorizer.",
        impact=(("Deployment", "The method cannot be created."),),
        lesson="The kind of authorization and the authorizer belong together.",
        advice="Declare an `aws_api_gateway_authorizer` and set its id.",
    ),
    Rule(
        "RG309",
        "apigw-key-without-usage-plan",
        "API keys are required but no usage plan exists",
        Category.CRITICAL,
        Severity.HIGH,
        key_without_plan,
        _API_DOCS + "api-gateway-api-usage-plans.html",
        stage=Stage.RUNTIME,
        impact=(("Function", "Calls of methods that require a key are answered with 403 Forbidden."),),
        lesson="An API key is valid only for the stages of the usage plans that it belongs to.",
        advice="Declare key, usage plan with the stage, and `aws_api_gateway_usage_plan_key`.",
    ),
    Rule(
        "RG310",
        "apigw-open-method",
        "API methods without authorization",
        Category.WARNING,
        Severity.MEDIUM,
        open_method,
        _API_DOCS + "apigateway-control-access-to-api.html",
        fix_class="A",
        tier=4,
        topics=("authenticat", "authoriz", "secure api", "api security", "api key", "cognito"),
        stage=Stage.RUNTIME,
        impact=(("Security", "Everybody on the internet can call what is behind these methods, at the owner's cost."),),
        lesson="A REST API is public unless methods or a resource policy say otherwise.",
        advice="Use `AWS_IAM`, an authorizer, or keys with a usage plan.",
    ),
)
