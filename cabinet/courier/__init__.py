"""The MQTT courier: carries parcels between cabinet and pharmacy, and promises nothing about their arrival.

`port` has the protocol, `mqtt` the real part (paho on our own event loop), `twin` the broker and courier that live in one
process and in virtual time. Both parts pass one suite.
"""
