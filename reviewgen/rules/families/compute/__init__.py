"""Instances, containers and clusters: RG5."""

from types import ModuleType

from . import (
    balancer_zones,
    beanstalk,
    ecs,
    ecs_capacity,
    eks,
    emr,
    images,
    instance_networks,
    instances,
    load_balancers,
    node_user_data,
    pipelines,
    scaling,
    targets,
    task_rights,
    task_secrets,
    user_data,
)

FAMILIES: tuple[ModuleType, ...] = (
    balancer_zones,
    beanstalk,
    ecs,
    ecs_capacity,
    eks,
    emr,
    images,
    instance_networks,
    instances,
    load_balancers,
    node_user_data,
    pipelines,
    scaling,
    targets,
    task_rights,
    task_secrets,
    user_data,
)
