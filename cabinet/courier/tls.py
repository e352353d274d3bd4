"""How the line to a broker is guarded.

Alone knows: which authority is trusted, and which certificate is shown. Must not know: MQTT.
"""

import ssl

from cabinet.courier.port import Broker


class _ClosedOnFailure(ssl.SSLSocket):
    """paho leaves the socket of a handshake that failed to the garbage collector; one attempt after another, that is a heap of them."""

    def do_handshake(self, block: bool = False) -> None:  # noqa: FBT002 - the signature is the library's
        """As ever, and closed where it fails."""
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


def guarded_by(broker: Broker) -> ssl.SSLContext:
    """TLS with brokers of this authority alone, by their name, and with our own certificate where there is one."""
    context = ssl.create_default_context(cafile=broker.ca_file)
    context.sslsocket_class = _ClosedOnFailure
    if broker.cert_file:
        context.load_cert_chain(broker.cert_file, broker.key_file or None)
    return context
