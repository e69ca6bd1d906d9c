"""Answers from notes, as JSON that says where they stand: rag.py openai|deepseek QUESTION.

OpenAI's embeddings find the notes. DeepSeek takes no JSON Schema, and says so with a 400: then the schema goes into the
prompt, and the answer is checked here.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from openai import BadRequestError, OpenAI

NOTES = {path.name: path.read_text(encoding="utf-8") for path in sorted((Path(__file__).parent / "notes").iterdir())}


def nearest(client: OpenAI, question: str, count: int = 2) -> list[str]:
    """The names of the notes that are most like the question."""
    made = client.embeddings.create(model="text-embedding-3-small", input=[question, *NOTES.values()])
    asked, *vectors = [each.embedding for each in made.data]
    likeness = [sum(a * b for a, b in zip(asked, vector, strict=True)) for vector in vectors]
    return [name for _, name in sorted(zip(likeness, NOTES, strict=True), reverse=True)][:count]


def answer(client: OpenAI, model: str, question: str, names: list[str]) -> tuple[str, Any]:
    """By which format the model was asked, and what it says to the question and these notes."""
    schema: dict[str, Any] = {
        "type": "object",
        "properties": {"answer": {"type": "string"}, "source": {"type": "string", "enum": names}},
        "required": ["answer", "source"],
        "additionalProperties": False,
    }
    told = "\n".join(["Answer from these notes, as JSON.", *(f"{name}: {NOTES[name]}" for name in names)])

    def said(system: str, form: Any) -> Any:
        messages: Any = [{"role": "system", "content": system}, {"role": "user", "content": question}]
        made = client.chat.completions.create(model=model, messages=messages, response_format=form)
        found = json.loads(made.choices[0].message.content or "")
        if found.keys() != schema["properties"].keys() or found["source"] not in names:
            raise ValueError(f"this is not what was asked for: {found}")
        return found

    try:
        strict = {"name": "answer", "strict": True, "schema": schema}
        return "json_schema", said(told, {"type": "json_schema", "json_schema": strict})
    except BadRequestError as refusal:
        if "response_format" not in refusal.message:
            raise
    return "json_object", said(f"{told}\nIt fits this JSON schema: {json.dumps(schema)}", {"type": "json_object"})


def main(provider: str, question: str) -> None:
    """Find the notes, and have them read by a model of the provider."""
    openai = OpenAI()
    names = nearest(openai, question)
    print(f"notes: {', '.join(names)}")
    if provider == "openai":
        form, found = answer(openai, "gpt-4o-mini", question, names)
    else:
        deepseek = OpenAI(base_url=os.environ["DEEPSEEK_API_BASE"], api_key=os.environ["DEEPSEEK_API_KEY"])
        form, found = answer(deepseek, "deepseek-v4-flash", question, names)
    print(f"{provider}, {form}: {found['answer']} ({found['source']})")


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
