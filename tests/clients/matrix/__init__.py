"""Real clients against every profile: what each gets of chat, streams, tools, schemas, reasoning and refusals."""
