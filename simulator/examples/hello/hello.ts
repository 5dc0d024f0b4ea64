// The smallest module that does something: it greets when it is loaded, as its parameters say.
import { EINVAL, ENOMEM } from "linux/errno";
import { kasprintf } from "linux/kernel";
import {
  MODULE_AUTHOR,
  MODULE_DESCRIPTION,
  MODULE_LICENSE,
  MODULE_PARM_DESC,
  module_exit,
  module_init,
  module_param,
} from "linux/module";
import { pr_err, pr_info } from "linux/printk";
import { GFP_KERNEL, kfree } from "linux/slab";
import { charp, type int, type Ref, uint } from "linux/types";

const HOWMANY_MAX = 10;

const whom = module_param("whom", charp, "world", 0o444);
MODULE_PARM_DESC("whom", "Whom to greet");
const howmany = module_param("howmany", uint, 1, 0o444);
MODULE_PARM_DESC("howmany", "How often, at most 10");

/** Made by hello_init() for hello_exit() too. */
let name: Ref<unknown> | null = null;

function hello_init(): int {
  // A parameter comes from outside: it is checked before anything is done with it.
  if (howmany.value > HOWMANY_MAX) {
    pr_err("hello: howmany=%u is more than %u\n", howmany.value, HOWMANY_MAX);
    return -EINVAL;
  }

  name = kasprintf(GFP_KERNEL, "dear %s", whom.value);
  if (!name) return -ENOMEM;

  for (let i = 0; i < howmany.value; i++) pr_info("Hello, %s\n", name);
  return 0;
}

function hello_exit(): void {
  pr_info("Goodbye, %s\n", name);
  kfree(name);
}

module_init(hello_init);
module_exit(hello_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("Greets");
