// i2c-eeprom.ts with one mistake: a buffer of 8 KB lies on the stack, which has no more.
// devices: at24
import { usleep_range } from "linux/delay";
import { devm_kzalloc } from "linux/device";
import { EFAULT, EIO, ENOMEM, ENOSPC, ERESTARTSYS, ETIMEDOUT } from "linux/errno";
import { type file, file_operations, fixed_size_llseek, type inode } from "linux/fs";
import {
  I2C_M_RD,
  i2c_client,
  i2c_driver,
  i2c_get_clientdata,
  i2c_msg,
  i2c_set_clientdata,
  i2c_transfer,
  module_i2c_driver,
} from "linux/i2c";
import { jiffies, msecs_to_jiffies, time_before } from "linux/jiffies";
import { min } from "linux/kernel";
import { MISC_DYNAMIC_MINOR, misc_deregister, misc_register, miscdevice } from "linux/miscdevice";
import { MODULE_AUTHOR, MODULE_DESCRIPTION, MODULE_LICENSE, THIS_MODULE } from "linux/module";
import { mutex, mutex_init, mutex_lock_interruptible, mutex_unlock } from "linux/mutex";
import { GFP_KERNEL } from "linux/slab";
import {
  type ArrayOf,
  addr,
  array,
  cast,
  container_of,
  type int,
  type loff_t,
  on_stack,
  ptr,
  type Ref,
  type size_t,
  type ssize_t,
  struct,
  type UserPtr,
  u8,
  type u16,
} from "linux/types";
import { copy_from_user, copy_to_user } from "linux/uaccess";

// Microchip's 24C32: DS21713.
const EEPROM_BYTES = 4096;
const PAGE_BYTES = 32;
/** While a page is being written nobody answers, for 5 ms. */
const WRITE_TIMEOUT_MS = 25;
/** Bytes of an address, in front of what is written. */
const ADDRESS_BYTES = 2;

const eeprom = struct("eeprom", {
  client: ptr(i2c_client),
  misc: miscdevice,
  /** One transfer at a time: an address and what follows belong together. A mutex, since I2C sleeps. */
  lock: mutex,
});

function eeprom_open(inode: Ref<inode>, file: Ref<file>): int {
  file.private_data = container_of(cast(miscdevice, file.private_data), eeprom, "misc");
  return 0;
}

/** A transfer, again and again while a page is still being written. The caller holds the lock. */
function eeprom_transfer(e: Ref<typeof eeprom>, msgs: Ref<ArrayOf<typeof i2c_msg>>, num: int): int {
  const client = e.client!;
  const timeout = jiffies() + msecs_to_jiffies(WRITE_TIMEOUT_MS);
  let is_early = true;
  let done = 0;

  do {
    // The time is read before the attempt: who was kept from running meanwhile still makes a last one.
    is_early = time_before(jiffies(), timeout);
    done = i2c_transfer(client.adapter, msgs, num);
    if (done === num) return 0;
    usleep_range(1000, 1500);
  } while (is_early);
  return done < 0 ? -ETIMEDOUT : -EIO;
}

function set_message(msg: Ref<typeof i2c_msg>, e: Ref<typeof eeprom>, flags: u16, buf: Ref<unknown>, len: u16): void {
  msg.addr = e.client!.addr;
  msg.flags = flags;
  msg.len = len;
  msg.buf = buf;
}

/** Reads up to the end of a page, as read() may: a small buffer on the stack is enough. */
function eeprom_read(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const e = cast(eeprom, file.private_data);
  const address = on_stack(array(u8, ADDRESS_BYTES));
  const data = on_stack(array(u8, 2 * EEPROM_BYTES)); // reports: large-stack
  const msgs = on_stack(array(i2c_msg, 2));

  if (ppos.value >= EEPROM_BYTES) return 0;
  const bytes = min(count, PAGE_BYTES - (ppos.value % PAGE_BYTES));
  if (bytes === 0) return 0;

  // Where and what in one transfer: nobody else comes in between.
  address[0] = ppos.value >>> 8;
  address[1] = ppos.value;
  set_message(msgs[0], e, 0, address, ADDRESS_BYTES);
  set_message(msgs[1], e, I2C_M_RD, data, bytes);

  if (mutex_lock_interruptible(e.lock)) return -ERESTARTSYS;
  const err = eeprom_transfer(e, msgs, 2);
  mutex_unlock(e.lock);
  if (err) return err;

  if (copy_to_user(buf, data, bytes)) return -EFAULT;
  ppos.value += bytes;
  return bytes;
}

/** Writes up to the end of a page: behind it the device would go on at the beginning of the same page. */
function eeprom_write(file: Ref<file>, buf: UserPtr, count: size_t, ppos: Ref<loff_t>): ssize_t {
  const e = cast(eeprom, file.private_data);
  const message = on_stack(array(u8, ADDRESS_BYTES + PAGE_BYTES));
  const msgs = on_stack(array(i2c_msg, 1));

  if (ppos.value >= EEPROM_BYTES) return -ENOSPC;
  const bytes = min(count, PAGE_BYTES - (ppos.value % PAGE_BYTES));
  if (bytes === 0) return 0;

  message[0] = ppos.value >>> 8;
  message[1] = ppos.value;
  if (copy_from_user(addr(message, ADDRESS_BYTES), buf, bytes)) return -EFAULT;
  set_message(msgs[0], e, 0, message, ADDRESS_BYTES + bytes);

  if (mutex_lock_interruptible(e.lock)) return -ERESTARTSYS;
  const err = eeprom_transfer(e, msgs, 1);
  mutex_unlock(e.lock);
  if (err) return err;

  ppos.value += bytes;
  return bytes;
}

function eeprom_llseek(file: Ref<file>, offset: loff_t, whence: int): loff_t {
  return fixed_size_llseek(file, offset, whence, EEPROM_BYTES);
}

const eeprom_fops = file_operations({
  owner: THIS_MODULE,
  open: eeprom_open,
  read: eeprom_read,
  write: eeprom_write,
  llseek: eeprom_llseek,
});

function eeprom_probe(client: Ref<i2c_client>): int {
  const e = devm_kzalloc(client.dev, eeprom, GFP_KERNEL);
  if (!e) return -ENOMEM;
  e.client = client;
  mutex_init(e.lock);
  i2c_set_clientdata(client, e);

  e.misc.minor = MISC_DYNAMIC_MINOR;
  e.misc.name = "eeprom";
  e.misc.fops = eeprom_fops;
  e.misc.parent = client.dev;
  return misc_register(e.misc);
}

function eeprom_remove(client: Ref<i2c_client>): void {
  misc_deregister(i2c_get_clientdata(client, eeprom).misc);
}

module_i2c_driver(
  i2c_driver({
    probe: eeprom_probe,
    remove: eeprom_remove,
    driver: { name: "i2c-eeprom", of_match_table: [{ compatible: "atmel,24c32" }] },
  }),
);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("Driverlab");
MODULE_DESCRIPTION("A 24C32 EEPROM");
