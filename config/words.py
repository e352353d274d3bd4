"""The words that screens and reports show for the project's own: one file for each hospital, in the words of its trade.

Alone knows: which words may be chosen, and what is said where nothing is chosen. Must not know: where a word is shown.
"""

from pydantic import Field

from config.schema import Name, Part


class Terms(Part):
    """What people read. Each key is the project's own word (docs/glossary.md); code, topics and documents keep it."""

    withdraw: Name = Field(default="Remove", description="taking units out for somebody")
    withdrawn: Name = Field(default="removed", description="the same, done: 2 tablets removed")
    emergency: Name = Field(default="Emergency access", description="the drug first, every question afterwards")
    override: Name = Field(default="Override", description="taking units out before a pharmacist has seen an order")
    give_back: Name = Field(default="Return", description="bringing units back")
    waste: Name = Field(default="Waste", description="destroying what is left, before a witness")
    load: Name = Field(default="Load", description="giving a pocket an item, and units of it")
    refill: Name = Field(default="Refill", description="adding units to a pocket that has its item")
    unload: Name = Field(default="Unload", description="taking units out for the pharmacy")
    count: Name = Field(default="Count", description="saying how many units are there")
    expire: Name = Field(default="Pull", description="taking out what has expired or is blocked")
    transfer: Name = Field(default="Transfer", description="taking units to another cabinet")
    empty_bin: Name = Field(default="Empty return bin", description="taking returned units to the pharmacy")
    inspect: Name = Field(default="Inspect", description="opening a pocket to look")
    access: Name = Field(default="Transaction", description="one opening of a pocket, or one act on paper, from request to end")
    journal: Name = Field(default="Audit record", description="every fact, in order")
    restock: Name = Field(default="Refill list", description="what pockets need to be full again")
    waste_owed: Name = Field(default="Undocumented waste", description="what is still to be wasted with a witness")
    picked_ahead: Name = Field(default="Remote queue", description="what was chosen before its person came to the cabinet")
    schedule: Name = Field(default="Schedule", description="before the class of a controlled item: Schedule C-II")
    c2: Name = Field(default="C-II", description="the class that is controlled most strictly")
    c3: Name = Field(default="C-III", description="the next")
    c4: Name = Field(default="C-IV", description="the next")
    c5: Name = Field(default="C-V", description="the least strict")
    lidded: Name = Field(default="Locked-lid pocket", description="a pocket with a lid and a lock of its own")
    verify: Name = Field(default="Verify count", description="a count that is compared with the number shown")
    blind: Name = Field(default="Blind count", description="a count that is made without a number being shown")
    care_area: Name = Field(default="Unit", description="the ward or department")
    par: Name = Field(default="Max", description="how many units a full pocket holds")
    attention: Name = Field(default="Needs attention", description="the list of things to mend")
