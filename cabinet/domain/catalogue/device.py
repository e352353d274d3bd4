"""What is broken at devices, lines, readers, probes and the supply.

Alone knows: these sentences, remedies and causes. Must not know: when a code applies.
"""

from cabinet.domain.catalogue.entry import Entry

FAULTS: dict[str, Entry] = {
    "device.fault": Entry(
        "A device did not do as it was told.",
        "A technician looks at the journal for the device's name.",
        "The driver's own detail stands in brackets; `adc journal export` shows when it began.",
    ),
    "device.no_reply": Entry(
        "A device is silent.",
        "Check its power, its address and its cable.",
        "No power at the board, a wrong address, a broken or swapped pair, or no common wire; where all boards are silent, the adapter.",
    ),
    "device.wrong_reply": Entry(
        "A device answered another question.",
        "Check for two devices on one address; lower the bus speed.",
        "Two boards answer at one address, or a reply that came late was taken for another's.",
    ),
    "device.garbled_reply": Entry(
        "A device's answer was damaged on the wire.",
        "Check termination, polarity and cable.",
        "A check sum was wrong: missing or double termination, swapped polarity, or a cable beside a solenoid's supply.",
    ),
    "device.refused": Entry(
        "A device refused an order.",
        "Check that the board's model in the site file is the one that is fitted.",
        "The board answered with an exception: another model or firmware than the site file names, or a channel that it does not have.",
    ),
    "device.restarted": Entry(
        "A board lost its power, or switched itself off.",
        "Nothing needs to be done now: it is checked and used again by itself.",
        "Its reset bit was set (a brown-out: look at supply and fuse), or its host watchdog fired (nobody asked it in time).",
    ),
    "bus.lost": Entry(
        "A whole line is gone.",
        "Check the adapter and its plug; the cabinet reopens it by itself.",
        "The adapter was unplugged or has no power, its device name changed, or the gateway does not accept connections.",
    ),
    "bus.silent": Entry(
        "No right answer comes from a whole line.",
        "Check the line's plugs and the boards' supply; the cabinet opens it again by itself, and its drawers can then be had.",
        "Silence: the pair is cut or shorted, the boards' supply is off, the adapter hangs. Damaged answers (`adc hw trace`): termination,"
        " polarity, two boards at one address, or something that talks without a pause.",
    ),
    "device.degraded": Entry(
        "More than one in a hundred exchanges with a device goes wrong.",
        "Nothing is stopped by it; a technician looks at its line before it gets worse.",
        "Termination, polarity, a loose terminal, or a coil without its diode: `up/health` counts the errors that came just at pulses.",
    ),
    "device.quarantined": Entry(
        "A device is left alone because it failed again and again.",
        "Mend it: it is tried every few seconds while somebody is at the cabinet, and taken back by itself.",
        "It did not answer three times and failed its check; it is identified and checked before anything of it is believed.",
    ),
    "reader.plain": Entry(
        "A badge reader is refused: it would send badges in the clear.",
        "Type the badge number; call a technician.",
        "The reader answers and knows no secure channel: it is another model, or it was exchanged. Fit one with OSDP secure channel.",
    ),
    "reader.key": Entry(
        "A badge reader is refused: it does not share this cabinet's key.",
        "Type the badge number; call a technician.",
        "The reader was exchanged or reset, or its key file is another's. Give it its key in install mode, then switch that off again.",
    ),
    "reader.tamper": Entry(
        "A badge reader was opened or taken off.",
        "Type the badge number; call security and a technician.",
        "The reader's tamper switch is open: look for a foreign device behind it, close the cover, mount it firmly.",
    ),
    "scanner.bad_frame": Entry(
        "A scanner sent something that is no code.",
        "Scan again, or enter lot and expiry by hand.",
        "Set the scanner to its serial mode with the suffix CR, and to the speed that the site names.",
    ),
    "input.stale": Entry(
        "The cabinet does not know at this moment whether that drawer is closed.",
        "Try again in a few seconds.",
        "The board of the drawer's switch did not answer in time just before the release; look at the errors of its line.",
    ),
    "device.stale": Entry(
        "An instrument has nothing certain to say.",
        "Nothing is stopped by it; a technician looks at what the instrument itself has lost.",
        "upsd runs and its driver has lost the supply (cable, USB rights, a driver that is not started), or its status contradicts itself.",
    ),
    "probe.stuck": Entry(
        "A temperature probe has shown exactly the same for hours.",
        "Treat what is in that fridge as not watched: put a thermometer in, and tell the pharmacy.",
        "A fridge swings with its compressor, so a value that never changes is no measurement: a frozen board or a wire that is shorted.",
    ),
    "probe.jumped": Entry(
        "A temperature probe jumped faster than anything in a fridge can change.",
        "Look whether the probe still hangs in the fridge; the cabinet believes it again after a few calm readings.",
        "More than 5 degrees in a minute: a loose contact, interference on its wire, or a probe that was pulled out of its buffer.",
    ),
    "power.on_battery": Entry(
        "The cabinet runs on its battery.",
        "Every pocket opens as ever, for as long as the screen says; take what will be needed soon.",
        "The supply has no mains: look at the socket, the ward's emergency circuit and the supply's own fuse.",
    ),
    "power.low_battery": Entry(
        "The battery is nearly empty, so the cabinet releases nothing more.",
        "Open the drawer with the mechanical key, by the printed procedure in the key's sealed box; note what you take, and count the "
        "pocket when the mains is back: an opening by key owes a count. What is open already is finished as ever.",
        "The stated `battery_minutes` are over, or the supply says that its battery is low; one that is low early is old: have it tested.",
    ),
    "probe.dead": Entry(
        "A temperature probe gives no temperature.",
        "Treat what is in that fridge as not watched: put a thermometer in, and tell the pharmacy.",
        "The probe is unplugged, cut or has just got its power back (85.0 C); exchange it and look at the connector for moisture.",
    ),
    "sheet.late": Entry(
        "Controlled units left the vault and were not received here in time.",
        "Look for the carrier and the bag now; receive by count, or close the sheet with what is missing.",
        "Nothing is broken: who issued and who carried stands in the detail.",
    ),
}
