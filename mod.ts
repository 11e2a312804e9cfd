import { delay } from "@std/async"; import { z } from "zod"; import * as c from "comlink"; import {Hono} from "hono"; await delay(5); console.log("ok", typeof z, typeof c.wrap, typeof Hono);
