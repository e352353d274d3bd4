"""What alembic asks for when it migrates: the connection that it was handed.

Alone knows: alembic's context. Must not know: any table, or where a database is.
"""

from alembic import context

from central.database.table import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, transactional_ddl=False)
context.run_migrations()
