import socket

import asyncpg
import pytest


@pytest.mark.unit
def test_foreign_addresses_are_refused() -> None:
    with socket.socket() as connection, pytest.raises(RuntimeError, match=r"192\.0\.2\.1"):
        connection.connect(("192.0.2.1", 80))


@pytest.mark.unit
def test_loopback_is_free() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        socket.create_connection(listener.getsockname()).close()


@pytest.mark.db
async def test_the_shared_postgres_answers(postgres_server: str | None) -> None:
    if postgres_server is None:
        pytest.skip("PostgreSQL is not installed")
    connection = await asyncpg.connect(postgres_server)
    try:
        assert await connection.fetchval("SHOW server_encoding") == "UTF8"
        assert await connection.fetchval("SELECT lower('Ü')") == "ü"
    finally:
        await connection.close()
