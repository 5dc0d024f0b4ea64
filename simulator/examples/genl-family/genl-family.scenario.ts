// Asks the thermometer of genl-family.ts, sets its limit, sends it what does not fit, and waits for an alarm.
import {
  EXPECT_EQ,
  EXPECT_STREQ,
  genl_add_u8,
  genl_add_u32,
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
import { EAGAIN, EINVAL, ENODATA, ENOENT, EOPNOTSUPP, ERANGE } from "linux/errno";

const THERM_CMD_GET = 1;
const THERM_CMD_SET_LIMIT = 2;
const THERM_CMD_MEASURED = 3;
const THERM_CMD_ALARM = 4;
const THERM_A_TEMPERATURE = 1;
const THERM_A_LIMIT = 2;
const THERM_A_NAME = 3;

/** A command with a number. */
function command(cmd: number, attribute: number, value: number): number {
  const socket = genl_socket();
  genl_request(socket, "therm", cmd);
  genl_add_u32(socket, attribute, value);
  return genl_send(socket);
}

test("is loaded, and has measured nothing", () => {
  const socket = genl_socket();
  EXPECT_EQ(insmod(), 0);
  genl_request(socket, "therm", THERM_CMD_GET);
  EXPECT_EQ(genl_send(socket), -ENODATA);
});

test("answers with the temperature", () => {
  const socket = genl_socket();
  EXPECT_EQ(command(THERM_CMD_MEASURED, THERM_A_TEMPERATURE, 21), 0);
  genl_request(socket, "therm", THERM_CMD_GET);
  EXPECT_EQ(genl_send(socket), 0);
  EXPECT_EQ(genl_receive(socket, 0), THERM_CMD_GET);
  EXPECT_EQ(genl_u32(socket, THERM_A_TEMPERATURE), 21);
  EXPECT_EQ(genl_u32(socket, THERM_A_LIMIT), 50);
  EXPECT_STREQ(genl_string(socket, THERM_A_NAME), "core");
});

test("refuses what does not fit", () => {
  const socket = genl_socket();
  EXPECT_EQ(command(THERM_CMD_SET_LIMIT, THERM_A_LIMIT, 200), -ERANGE);
  EXPECT_EQ(command(THERM_CMD_SET_LIMIT, THERM_A_TEMPERATURE, 1), -ENODATA);
  EXPECT_EQ(command(THERM_CMD_SET_LIMIT, 9, 1), -EINVAL);
  EXPECT_EQ(command(17, THERM_A_LIMIT, 1), -EOPNOTSUPP);
  genl_request(socket, "therm", THERM_CMD_SET_LIMIT);
  genl_add_u8(socket, THERM_A_LIMIT, 60);
  EXPECT_EQ(genl_send(socket), -EINVAL);
});

test("alarms who joined", () => {
  const socket = genl_socket();
  EXPECT_EQ(command(THERM_CMD_SET_LIMIT, THERM_A_LIMIT, 30), 0);
  // Nobody listens yet.
  EXPECT_EQ(command(THERM_CMD_MEASURED, THERM_A_TEMPERATURE, 31), 0);
  EXPECT_EQ(genl_join(socket, "therm", "alarms"), 0);
  EXPECT_EQ(command(THERM_CMD_MEASURED, THERM_A_TEMPERATURE, 29), 0);
  EXPECT_EQ(genl_receive(socket, 100), -EAGAIN);
  EXPECT_EQ(command(THERM_CMD_MEASURED, THERM_A_TEMPERATURE, 35), 0);
  EXPECT_EQ(genl_receive(socket, 100), THERM_CMD_ALARM);
  EXPECT_EQ(genl_u32(socket, THERM_A_TEMPERATURE), 35);
});

test("goes away", () => {
  EXPECT_EQ(rmmod(), 0);
  EXPECT_EQ(command(THERM_CMD_GET, THERM_A_LIMIT, 1), -ENOENT);
});
