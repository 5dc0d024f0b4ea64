// Commands with good and bad attributes to the family of genetlink.ts, answers, and a message to a group.
import {
  EXPECT_EQ,
  EXPECT_FALSE,
  EXPECT_STREQ,
  EXPECT_TRUE,
  genl_add_string,
  genl_add_u8,
  genl_add_u16,
  genl_add_u32,
  genl_has,
  genl_join,
  genl_receive,
  genl_request,
  genl_send,
  genl_socket,
  genl_string,
  genl_u32,
  insmod,
  rmmod,
  test,
} from "driverlab/scenario";
import { EAGAIN, EBADF, EINVAL, ENOENT, EOPNOTSUPP, ERANGE, ESRCH } from "linux/errno";

const A_NUMBER = 1;
const A_TEXT = 2;
const A_SMALL = 4;
const CMD_ECHO = 1;
const CMD_EVENT = 2;
const CMD_LOOSE = 3;

test("load", () => {
  EXPECT_EQ(insmod(), 0);
});

test("a command is answered", () => {
  const socket = genl_socket();
  for (const version of [1, 2]) {
    EXPECT_EQ(genl_request(socket, "echo", CMD_ECHO, version), 0);
    EXPECT_EQ(genl_add_u32(socket, A_NUMBER, 41), 0);
    EXPECT_EQ(genl_add_string(socket, A_TEXT, "hello"), 0);
    EXPECT_EQ(genl_send(socket), 0);
    EXPECT_EQ(genl_receive(socket, 0), CMD_ECHO);
    EXPECT_EQ(genl_u32(socket, A_NUMBER), 42);
    EXPECT_STREQ(genl_string(socket, A_TEXT), "hello");
    EXPECT_FALSE(genl_has(socket, A_SMALL));
    EXPECT_EQ(genl_receive(socket, 10), -EAGAIN);
  }
  EXPECT_EQ(genl_send(4711), -EBADF);
});

/** Sends one attribute, and gives what the kernel says to it. */
function attempt(cmd: number, type: number, value: number): number {
  const socket = genl_socket();
  genl_request(socket, "echo", cmd);
  genl_add_u32(socket, A_NUMBER, type === A_NUMBER ? value : 1);
  if (type === A_SMALL) genl_add_u8(socket, type, value);
  else if (type !== A_NUMBER) genl_add_u32(socket, type, value);
  return genl_send(socket);
}

test("what does not fit the policy is refused", () => {
  EXPECT_EQ(attempt(CMD_ECHO, A_NUMBER, 100), 0);
  EXPECT_EQ(attempt(CMD_ECHO, A_NUMBER, 101), -ERANGE);
  EXPECT_EQ(attempt(CMD_ECHO, A_NUMBER, 0), -ERANGE);
  EXPECT_EQ(attempt(CMD_ECHO, A_SMALL, 7), 0);
  EXPECT_EQ(attempt(CMD_ECHO, A_SMALL, 8), -ERANGE);
  EXPECT_EQ(attempt(CMD_ECHO, 5, 1), -EINVAL);
  EXPECT_EQ(attempt(CMD_LOOSE, 5, 1), 0);
  EXPECT_EQ(attempt(99, A_NUMBER, 1), -EOPNOTSUPP);
  const socket = genl_socket();
  genl_request(socket, "echo", CMD_ECHO);
  EXPECT_EQ(genl_send(socket), -EINVAL);
  genl_add_u16(socket, A_NUMBER, 1);
  EXPECT_EQ(genl_send(socket), -EINVAL);
  genl_request(socket, "echo", CMD_ECHO);
  genl_add_string(socket, A_TEXT, "longer than it may be");
  EXPECT_EQ(genl_send(socket), -EINVAL);
  genl_request(socket, "nobody", CMD_ECHO);
  EXPECT_EQ(genl_send(socket), -ENOENT);
});

test("a group hears of events", () => {
  const [one, other] = [genl_socket(), genl_socket()];
  genl_request(one, "echo", CMD_EVENT);
  EXPECT_EQ(genl_send(one), -ESRCH);
  EXPECT_EQ(genl_join(other, "echo", "nothing"), -ENOENT);
  EXPECT_EQ(genl_join(other, "echo", "events"), 0);
  EXPECT_EQ(genl_send(one), 0);
  EXPECT_EQ(genl_receive(one, 0), -EAGAIN);
  EXPECT_EQ(genl_receive(other, 0), CMD_EVENT);
  EXPECT_EQ(genl_u32(other, A_NUMBER), 77);
  EXPECT_TRUE(genl_has(other, A_NUMBER));
});

test("unload", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(attempt(CMD_ECHO, A_NUMBER, 1), -ENOENT);
});
