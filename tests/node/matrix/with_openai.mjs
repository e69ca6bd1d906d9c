// What openai-node makes of each profile.

import OpenAI from "openai";
import { zodResponseFormat } from "openai/helpers/zod";

import { FORECAST, Forecast, getWeather, HELLO, tell, thinking, TURNS, WEATHER } from "./asking.mjs";

const said = (content) => [{ role: "user", content }];
const completions = ({ key, base_url }) => new OpenAI({ apiKey: key, baseURL: base_url, maxRetries: 0 }).chat.completions;
const parameters = { type: "object", properties: { city: { type: "string" } }, required: ["city"] };
const tools = [{ type: "function", function: { name: "get_weather", description: "The weather in a city", parameters } }];

// It does not know reasoning, and keeps what it does not know.
const thoughts = (part) => part.reasoning_content || part.reasoning || "";

const whole = async (way, asked) => (await completions(way).create({ model: way.model, ...asked })).choices[0].message;
const helped = async (way, asked) => completions(way).stream({ model: way.model, ...asked }).finalMessage();

async function* pieces(way, asked) {
  for await (const { choices } of await completions(way).create({ model: way.model, stream: true, ...asked })) {
    for (const { delta } of choices) yield delta;
  }
}

async function loop(way, ask) {
  const messages = said(WEATHER);
  const called = [];
  for (let turn = 0; turn < TURNS; turn++) {
    const message = await ask(way, { messages, tools });
    if (!message.tool_calls?.length) return { called, text: message.content };
    messages.push(message);
    for (const { id, function: { name, arguments: given } } of message.tool_calls) {
      called.push([name, given]);
      messages.push({ role: "tool", tool_call_id: id, content: getWeather(JSON.parse(given)) });
    }
  }
  return { called, text: null };
}

await tell({
  async chat(way) {
    return { text: (await whole(way, { messages: said(HELLO) })).content };
  },

  async stream(way) {
    const texts = [];
    for await (const { content } of pieces(way, { messages: said(HELLO) })) if (content) texts.push(content);
    return { text: texts.join(""), pieces: texts.length };
  },

  tools: (way) => loop(way, whole),
  tools_streamed: (way) => loop(way, helped),

  async structured(way) {
    const asked = { model: way.model, messages: said(FORECAST), response_format: zodResponseFormat(Forecast, "forecast") };
    return { object: (await completions(way).parse(asked)).choices[0].message.parsed };
  },

  async reasoning(way) {
    const message = await whole(thinking(way), { messages: said(HELLO) });
    return { reasoning: thoughts(message), text: message.content };
  },

  async reasoning_streamed(way) {
    let [thought, text] = ["", ""];
    for await (const delta of pieces(thinking(way), { messages: said(HELLO) })) {
      thought += thoughts(delta);
      text += delta.content ?? "";
    }
    return { reasoning: thought, text };
  },
});
