"""How fast mockprovider is, beside a peer or against a clock; needs it installed, and nothing needs this."""
