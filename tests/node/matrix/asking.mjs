// What the programs here share: which ways there are (JSON on the standard input, as tests/clients/matrix/plan.py has
// them), what is asked, and how it is told: a line of JSON for each task.

import { text } from "node:stream/consumers";

import { z } from "zod";

import { tell as tellElsewhere } from "../claims.mjs";

export const HELLO = "Say hello";
export const WEATHER = "What is the weather in Paris?";
export const FORECAST = "What is the weather in Paris? Answer in JSON.";
export const TURNS = 4;
const LINES = 400;

export const Forecast = z.object({ city: z.string(), sky: z.enum(["clear", "cloudy"]), degrees: z.array(z.number().int()) });
export const getWeather = ({ city }) => `17 degrees in ${city}`;
export const thinking = (way) => ({ ...way, model: way.thinking });

async function told(ask, way) {
  try {
    return { value: await ask(way) };
  } catch (error) {
    const raised = { type: error.name === "Error" ? error.constructor.name : error.name, message: error.message };
    return { raised: { ...raised, message: raised.message.slice(0, LINES), status: error.status ?? error.statusCode ?? null } };
  }
}

export async function tell(asks) {
  const doing = {
    ...asks,
    bad_key: (way) => asks.chat({ ...way, key: way.wrong_key }),
    unknown_model: (way) => asks.chat({ ...way, model: way.unknown_model }),
  };
  for (const way of JSON.parse(await text(process.stdin))) {
    for (const task of way.tasks) {
      const { how, client, profile } = way;
      console.log(JSON.stringify({ how, client, profile, task, ...(await told(doing[task], way)) }));
    }
  }
  await tellElsewhere({});
}
