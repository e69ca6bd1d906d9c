// An agent that asks for the weather, with any model of the AI SDK.
import { generateText, stepCountIs, tool } from "ai";
import { z } from "zod";

const get_weather = tool({
  description: "The weather in a city",
  inputSchema: z.object({ city: z.string() }),
  execute: async ({ city }) => `17 degrees in ${city}`,
});

export async function ask(model, prompt) {
  const { text } = await generateText({ model, prompt, tools: { get_weather }, stopWhen: stepCountIs(5), maxRetries: 0 });
  return text;
}
