// What openai-node says. Usage: node with_openai.mjs URL_OF_OPENAI URL_OF_DEEPSEEK

import OpenAI from "openai";
import { zodFunction, zodResponseFormat, zodResponsesFunction, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";

import { all, tell } from "./claims.mjs";

const [openai, deepseek] = process.argv.slice(2);
const client = (apiKey, baseURL = openai) => new OpenAI({ apiKey, baseURL, maxRetries: 0 });

const model = "gpt-4o-mini";
const hello = { model, messages: [{ role: "user", content: "Say hello" }] };
const weather = { model, messages: [{ role: "user", content: "What is the weather in Paris?" }] };
const respond = { model, input: "Say hello" };

const City = z.object({ city: z.string() });
const Forecast = z.object({
  city: z.string(),
  sky: z.enum(["clear", "cloudy"]),
  degrees: z.array(z.number()),
  wind: z.object({ from: z.string(), knots: z.number().int() }).nullable(),
});
const told = ({ city }) => `17 degrees in ${city}`;

async function refused(asking) {
  try {
    await asking;
  } catch (error) {
    if (!(error instanceof OpenAI.APIError)) throw error;
    return [error.constructor.name, error.status, error.code ?? null, error.param ?? null];
  }
}

const ask = (key, url) => client(key, url).chat.completions;
const answer = (key, url) => client(key, url).responses;

await tell({
  async chat(key) {
    const [choice] = (await ask(key).create(hello)).choices;
    return [choice.message.content, choice.finish_reason];
  },

  async chat_streamed(key) {
    const chunks = await all(await ask(key).create({ ...hello, stream: true }));
    return chunks.map(({ choices }) => choices[0].delta.content ?? "").join("");
  },

  async chat_usage(key) {
    const stream = await ask(key).create({ ...hello, stream: true, stream_options: { include_usage: true } });
    const streamed = (await all(stream)).at(-1).usage;
    return [streamed, (await ask(key).create(hello)).usage];
  },

  async chat_parsed(key) {
    const response_format = zodResponseFormat(Forecast, "forecast");
    return (await ask(key).parse({ ...weather, response_format })).choices[0].message.parsed;
  },

  async chat_parsed_call(key) {
    const tools = [zodFunction({ name: "get_weather", parameters: City })];
    const [call] = (await ask(key).parse({ ...weather, tools })).choices[0].message.tool_calls;
    return call.function.parsed_arguments;
  },

  async chat_helper(key) {
    const heard = [];
    const stream = ask(key).stream(hello);
    stream.on("content", (delta) => heard.push(delta));
    const content = await stream.finalContent();
    return [heard.join(""), content, heard.length > 5];
  },

  async chat_helper_parsed(key) {
    const stream = ask(key).stream({ ...weather, response_format: zodResponseFormat(Forecast, "forecast") });
    return (await stream.finalChatCompletion()).choices[0].message.parsed;
  },

  async chat_helper_call(key) {
    const done = [];
    const stream = ask(key).stream({ ...weather, tools: [zodFunction({ name: "get_weather", parameters: City })] });
    stream.on("tool_calls.function.arguments.done", ({ name, parsed_arguments }) => done.push([name, parsed_arguments]));
    await stream.done();
    return done;
  },

  async chat_logprobs(key) {
    const heard = [];
    const stream = ask(key).stream({ ...hello, logprobs: true });
    stream.on("logprobs.content.done", ({ content }) => heard.push(...content.map(({ token }) => token)));
    const content = await stream.finalContent();
    return [heard.join(""), content];
  },

  async tools_run(key) {
    const tools = [zodFunction({ name: "get_weather", parameters: City, function: told })];
    const runner = ask(key).runTools({ ...weather, tools });
    return [await runner.finalContent(), runner.messages.map(({ role }) => role)];
  },

  async tools_run_streamed(key) {
    const tools = [zodFunction({ name: "get_weather", parameters: City, function: told })];
    const runner = ask(key).runTools({ ...weather, model: "gpt-5", tools, stream: true });
    return [await runner.finalContent(), runner.messages.map(({ role }) => role)];
  },

  async stored(key) {
    const { id } = await ask(key).create({ ...hello, store: true, metadata: { for: "Ada" } });
    const listed = await all(ask(key).list());
    const messages = await all(ask(key).messages.list(id));
    const { deleted } = await ask(key).delete(id);
    return [listed.map((each) => each.id === id), messages.map(({ content }) => content), deleted];
  },

  async response(key) {
    const { status, output_text } = await answer(key).create(respond);
    return [output_text, status];
  },

  async response_streamed(key) {
    const events = await all(await answer(key).create({ ...respond, stream: true }));
    const deltas = events.filter(({ type }) => type === "response.output_text.delta").map(({ delta }) => delta);
    return [deltas.join(""), events.at(-1).response.output_text ?? events.at(-1).response.output[0].content[0].text];
  },

  async response_helper(key) {
    return (await answer(key).stream(respond).finalResponse()).output_text;
  },

  async response_parsed(key) {
    const text = { format: zodTextFormat(Forecast, "forecast") };
    return (await answer(key).parse({ ...respond, text })).output_parsed;
  },

  async response_helper_parsed(key) {
    const text = { format: zodTextFormat(Forecast, "forecast") };
    return (await answer(key).stream({ ...respond, text }).finalResponse()).output_parsed;
  },

  async response_loop(key) {
    const tools = [zodResponsesFunction({ name: "get_weather", parameters: City })];
    const first = await answer(key).parse({ model: "gpt-5", input: "What is the weather in Paris?", tools });
    const call = first.output.find(({ type }) => type === "function_call");
    const input = [{ type: "function_call_output", call_id: call.call_id, output: told(call.parsed_arguments) }];
    return (await answer(key).create({ model: "gpt-5", previous_response_id: first.id, input, tools })).output_text;
  },

  async response_kept(key) {
    const { id } = await answer(key).create(respond);
    const again = await answer(key).retrieve(id);
    const items = await all(answer(key).inputItems.list(id));
    await answer(key).delete(id);
    return [again.output_text, items.map(({ role }) => role), await refused(answer(key).retrieve(id))];
  },

  async response_in_the_background(key) {
    let response = await answer(key).create({ ...respond, background: true });
    const seen = [response.status];
    while (["queued", "in_progress"].includes(response.status)) {
      response = await answer(key).retrieve(response.id);
      seen.push(response.status);
    }
    return seen;
  },

  async embeddings(key) {
    const asked = { model: "text-embedding-3-small", input: ["one", "two"] };
    const packed = await client(key).embeddings.create(asked);
    const floats = await client(key).embeddings.create({ ...asked, encoding_format: "float" });
    const apart = packed.data[0].embedding.map((value, at) => Math.abs(value - floats.data[0].embedding[at]));
    return [packed.data.map(({ embedding }) => embedding.length), Math.max(...apart) < 1e-6];
  },

  async models(key) {
    return (await all(client(key).models.list())).map(({ id }) => id);
  },

  async moderation(key) {
    const { results } = await client(key).moderations.create({ input: ["Water the plants", "violence"] });
    return results.map(({ flagged }) => flagged);
  },

  bad_request: (key) => refused(ask(key).create({ ...hello, temperature: 3 })),
  bad_request_streamed: (key) => refused(ask(key).create({ ...hello, temperature: 3, stream: true })),
  unknown_model: (key) => refused(ask(key).create({ ...hello, model: "gqt-4o" })),
  invalid: (key) => refused(ask(key).create(hello)),
  "rate-limited": (key) => refused(ask(key).create(hello)),
  "no-balance": (key) => refused(answer(key).create(respond)),
  overloaded: (key) => refused(answer(key).create(respond)),

  async deepseek(key) {
    const asked = { model: "deepseek-reasoner", messages: hello.messages };
    const { message } = (await ask(key, deepseek).create(asked)).choices[0];
    return [message.reasoning_content, message.content];
  },

  async deepseek_streamed(key) {
    const asked = { model: "deepseek-reasoner", messages: hello.messages, stream: true };
    const deltas = (await all(await ask(key, deepseek).create(asked))).map(({ choices }) => choices[0].delta);
    const joined = (name) => deltas.map((delta) => delta[name] ?? "").join("");
    return [joined("reasoning_content"), joined("content")];
  },
});
