"""Places for documents, made through the services and thus without a way through HTTP."""

from typing import Any
from uuid import UUID

from ringbinder.features.binders import service as binders
from ringbinder.features.binders.types import BinderState, BinderType
from ringbinder.features.folders import service as folders
from ringbinder.features.metadata import service as metadata
from ringbinder.features.metadata.types import DataType, ListedValue
from tests.factories.content import Json
from tests.support.world import Tenant, World


async def new_place(world: World, tenant: Tenant, name: str = "Ritningar") -> Json:
    """Make a binder with one folder; gives the folder as the API's ``{id, binderId}``."""
    async with world.parts.database.write(tenant.organisation.key) as session:
        binder = await binders.create_binder(
            session, tenant.operator, name="Kastanjen 4", type=BinderType.PROJECT
        )
        folder = await folders.create_folder(
            session, tenant.operator, binder_id=binder.id, name=name
        )
    return {"id": str(folder.id), "binderId": binder.id}


async def add_element(
    world: World,
    tenant: Tenant,
    place: Json,
    label: str,
    data_type: DataType = DataType.TEXT,
    values: tuple[str, ...] = (),
    **fields: Any,
) -> str:
    """Add an element to the schema of a place's binder; gives its id."""
    async with world.parts.database.write(tenant.organisation.key) as session:
        element = await metadata.create_element(
            session,
            tenant.operator,
            binder=await binders.lock_binder(session, binder_id=place["binderId"]),
            label=label,
            data_type=data_type,
            values=tuple(map(ListedValue, values)),
            **fields,
        )
    return element.metadata_element_id


async def set_binder_state(world: World, tenant: Tenant, place: Json, state: BinderState) -> None:
    """Archive or reopen a place's binder."""
    async with world.parts.database.write(tenant.organisation.key) as session:
        await binders.update_binder(
            session, tenant.operator, binder_id=place["binderId"], state=state
        )


async def delete_folder(world: World, tenant: Tenant, place: Json) -> None:
    """Delete the folder of a place."""
    async with world.parts.database.write(tenant.organisation.key) as session:
        await folders.delete_folder(
            session, tenant.operator, binder_id=place["binderId"], folder_id=UUID(place["id"])
        )
