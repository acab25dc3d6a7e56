"""Send letters until told to stop."""

from ringbinder.features.mail.service import Postman


async def deliver_mail(postman: Postman) -> None:
    """Work until cancelled; may run in several processes."""
    await postman.run()
