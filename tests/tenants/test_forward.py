"""States that grow model by model: as the stock ones in the end, and every relation leads to a table that stands."""

import pytest
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader

from tenants.db.forward import GrowingState


@pytest.fixture(scope="module")
def loader():
    return MigrationLoader(None, ignore_no_migrations=True)


@pytest.fixture(scope="module")
def grown(loader):
    nodes = [key for leaf in loader.graph.leaf_nodes() for key in loader.graph.forwards_plan(leaf)]
    state = GrowingState(real_apps=loader.unmigrated_apps)
    state.apps  # noqa: B018  # rendered before the first model comes, as the executor does it
    for key in dict.fromkeys(nodes):
        state = loader.graph.nodes[key].mutate_state(state, preserve=False)
    return state


def test_the_state_ends_as_the_stock_one(loader, grown):
    stock = loader.project_state()

    assert len(grown.models) > 150
    assert grown.models.keys() == stock.models.keys()
    assert MigrationAutodetector(grown, stock).changes(graph=loader.graph) == {}
    assert isinstance(grown.clone(), GrowingState)


def test_every_relation_leads_to_a_table_and_key_that_stand(grown):
    models = grown.apps.get_models(include_auto_created=True)
    standing = {model._meta.label_lower: model._meta for model in models}
    relations = [
        (model, field)
        for model in models
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created
    ]

    assert len(relations) > 150
    for model, field in relations:
        meant = field.related_model._meta
        found = standing[meant.label_lower]
        assert (meant.db_table, type(meant.pk)) == (found.db_table, type(found.pk)), f"{model} {field.name}"
