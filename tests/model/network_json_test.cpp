#include "model/network_json.h"

#include <gmock/gmock.h>

#include <string>

#include "base/error.h"

namespace nib {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

const std::string last_layers = R"({"type":"flatten"},{"type":"dense","units":10,"activation":"softmax"})";

/// A network of one layer, given as text, and a head.
std::string with_layer(const std::string& layer) {
  return R"({"input":[28,28,1],"layers":[)" + layer + "," + last_layers + "]}";
}

/// What the reader says of a text that it must refuse.
Problem refusal(const std::string& text) {
  try {
    parse_network(text, "net.json");
    ADD_FAILURE() << "accepted: " << text;
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::bad_input);
    EXPECT_EQ(error.problem().file, "net.json");
    EXPECT_THAT(error.what(), testing::Not(HasSubstr("\n")));
    return error.problem();
  }
  return {};
}

/// The whole line, or "" for a text that is accepted.
std::string message(const std::string& text) {
  try {
    parse_network(text, "net.json");
    return "";
  } catch (const Error& error) {
    return error.what();
  }
}

TEST(NetworkJson, WritesEveryKeyInTheSchemasOrder) {
  EXPECT_EQ(
      network_json(digits_network()),
      R"({"input":[28,28,1],"layers":[)"
      R"({"type":"convolution","filters":32,"kernel":[3,3],"stride":[1,1],"padding":"valid","activation":"relu"},)"
      R"({"type":"max_pool","size":[2,2],"stride":[2,2]},)"
      R"({"type":"convolution","filters":64,"kernel":[3,3],"stride":[1,1],"padding":"valid","activation":"relu"},)"
      R"({"type":"max_pool","size":[2,2],"stride":[2,2]},)"
      R"({"type":"flatten"},{"type":"dense","units":128,"activation":"relu"},)"
      R"({"type":"dense","units":10,"activation":"softmax"}]})");
}

TEST(NetworkJson, FillsInDefaults) {
  const Network network = parse_network(
      with_layer(R"({"type":"convolution","filters":3,"kernel":[2,4]},{"type":"max_pool","size":[3,2]})"), "net.json");
  EXPECT_EQ(std::get<Convolution>(network.layers[0]),
            (Convolution{3, {2, 4}, {1, 1}, Padding::valid, Activation::none}));
  EXPECT_EQ(std::get<MaxPool>(network.layers[1]), (MaxPool{{3, 2}, {3, 2}}));
}

TEST(NetworkJson, ReadsEveryKey) {
  const Network network = parse_network(
      R"({"layers":[{"activation":"relu","padding":"same","stride":[2,3],"kernel":[5,4],"filters":7,"type":"convolution"},
        {"type":"max_pool","size":[3,2],"stride":[2,1]}, {"type":"dropout","rate":0.125}, {"type":"flatten"},
        {"type":"dense","units":9}, {"type":"dense","units":8,"activation":"relu"},
        {"type":"dense","units":4,"activation":"softmax"}], "input":[20,21,1]})",
      "net.json");
  const Network expected{
      {20, 21, 1},
      {Convolution{7, {5, 4}, {2, 3}, Padding::same, Activation::relu}, MaxPool{{3, 2}, {2, 1}}, Dropout{0.125},
       Flatten{}, Dense{9, Activation::none}, Dense{8, Activation::relu}, Dense{4, Activation::softmax}}};
  EXPECT_EQ(network, expected);
  EXPECT_EQ(parse_network(network_json(network), "net.json"), expected);
}

TEST(NetworkJson, KeepsRatesExactly) {
  for (const double rate : {0.0, 0.1, 1.0 / 3, 1e-300, 0.99999}) {
    Network network = digits_network();
    network.layers.insert(network.layers.begin(), Dropout{rate});
    EXPECT_EQ(parse_network(network_json(network), "net.json"), network) << rate;
  }
}

TEST(NetworkJson, NamesThePathOfAnUnknownKeyAndTheKeyThatWasMeant) {
  const Problem problem = refusal(with_layer(R"({"type":"convolution","filters":3,"kernal":[3,3],"kernel":[3,3]})"));
  EXPECT_EQ(problem.field, "layers[0].kernal");
  EXPECT_EQ(problem.problem, "unknown key");
  EXPECT_EQ(problem.expected, "type, filters, kernel, stride, padding and activation");
  EXPECT_EQ(problem.hint, "did you mean \"kernel\"?");
  EXPECT_EQ(refusal(R"({"input":[28,28,1],"layers":[)" + last_layers + R"(],"name":"x"})").field, "name");
  EXPECT_EQ(refusal(with_layer(R"({"type":"flatten","units":3})")).field, "layers[0].units");
}

TEST(NetworkJson, NamesThePathOfAMissingKey) {
  EXPECT_EQ(message(R"({"layers":[]})"), "net.json: input: key is missing");
  EXPECT_EQ(message(R"({"input":[28,28,1]})"), "net.json: layers: key is missing");
  EXPECT_EQ(message(with_layer(R"({"filters":3})")), "net.json: layers[0].type: key is missing");
  EXPECT_EQ(message(with_layer(R"({"type":"convolution","filters":3})")), "net.json: layers[0].kernel: key is missing");
  EXPECT_EQ(message(with_layer(R"({"type":"max_pool"})")), "net.json: layers[0].size: key is missing");
  EXPECT_EQ(message(with_layer(R"({"type":"dropout"})")), "net.json: layers[0].rate: key is missing");
}

TEST(NetworkJson, RefusesKeysThatStandTwice) {
  EXPECT_EQ(message(with_layer(R"({"type":"dropout","rate":0.1,"rate":0.2})")),
            "net.json: rate: key stands twice in an object");
  EXPECT_EQ(message(R"({"input":[28,28,1],"layers":[],"input":[1,1,1]})"),
            "net.json: input: key stands twice in an object");
}

TEST(NetworkJson, RefusesWrongTypes) {
  EXPECT_EQ(message("[]"), "net.json: wrong type (expected an object, got an array of 0)");
  EXPECT_EQ(message(R"({"input":[28,28,1],"layers":{}})"),
            "net.json: layers: wrong type (expected an array, got an object)");
  EXPECT_EQ(message(R"({"input":28,"layers":[]})"), "net.json: input: wrong type (expected an array of 3, got 28)");
  EXPECT_EQ(message(R"({"input":[28,28],"layers":[]})"),
            "net.json: input: wrong length (expected an array of 3, got an array of 2)");
  EXPECT_EQ(message(R"({"input":[28,28,1],"layers":[7]})"),
            "net.json: layers[0]: wrong type (expected an object, got 7)");
  EXPECT_EQ(message(with_layer(R"({"type":7})")),
            "net.json: layers[0].type: wrong type (expected convolution or max_pool or average_pool or "
            "global_average_pool or flatten or dense or dropout, got 7)");
  EXPECT_EQ(message(with_layer(R"({"type":"dropout","rate":"0.5"})")),
            R"(net.json: layers[0].rate: wrong type (expected a number, got "0.5"))");
}

TEST(NetworkJson, KnowsTheWordsOfOthersForAnAveragePool) {
  for (const char* const word :
       {"mean_pool", "avg_pool", "AvgPool2d", "AveragePooling2D", "average-pool", "meanpool"}) {
    SCOPED_TRACE(word);
    const std::string text = with_layer(std::string(R"({"type":")") + word + R"(","size":[2,2]})");
    EXPECT_EQ(refusal(text).hint, "did you mean \"average_pool\"?");
  }
}

TEST(NetworkJson, RefusesUnknownWords) {
  EXPECT_EQ(message(with_layer(R"({"type":"lstm"})")),
            "net.json: layers[0].type: unknown value (expected convolution or max_pool or average_pool or "
            "global_average_pool or flatten or dense or dropout, got \"lstm\")");
  EXPECT_EQ(message(with_layer(R"({"type":"convolution","filters":3,"kernel":[3,3],"padding":"Same"})")),
            "net.json: layers[0].padding: unknown value (expected valid or same, got \"Same\")");
  EXPECT_EQ(message(with_layer(R"({"type":"convolution","filters":3,"kernel":[3,3],"activation":"softmax"})")),
            "net.json: layers[0].activation: unknown value (expected none or relu, got \"softmax\")");
}

TEST(NetworkJson, RefusesNumbersThatAreNoCounts) {
  for (const char* number : {"0", "0.0", "-1", "-3.0", "2.5", "4294967296", "4294967296.0", "18446744073709551616"})
    EXPECT_EQ(
        refusal(with_layer(std::string(R"({"type":"convolution","kernel":[3,3],"filters":)") + number + "}")).field,
        "layers[0].filters")
        << number;
  EXPECT_EQ(message(with_layer(R"({"type":"max_pool","size":[2,0]})")),
            "net.json: layers[0].size[1]: number out of range (expected a whole number of at least 1, got 0)");
  EXPECT_EQ(message(with_layer(R"({"type":"dropout","rate":1e999})")), "net.json: JSON holds a number out of range");
}

TEST(NetworkJson, TakesWholeNumbersHoweverTheyAreWritten) {
  const Network network = parse_network(
      R"({"input":[28.0,2.8e1,1],"layers":[{"type":"convolution","filters":3.0,"kernel":[3.0,2]},{"type":"flatten"},
        {"type":"dense","units":10.0,"activation":"softmax"}]})",
      "net.json");
  EXPECT_EQ(network.input, (Shape{28, 28, 1}));
  EXPECT_EQ(std::get<Convolution>(network.layers[0]).kernel, (std::array<std::uint32_t, 2>{3, 2}));
  EXPECT_EQ(class_count(network), 10u);
}

TEST(NetworkJson, TakesOneNumberForBothSides) {
  const Network network = parse_network(
      with_layer(R"({"type":"convolution","filters":3,"kernel":3,"stride":2},{"type":"max_pool","size":3,"stride":1},
                 {"type":"max_pool","size":2.0})"),
      "net.json");
  EXPECT_EQ(std::get<Convolution>(network.layers[0]),
            (Convolution{3, {3, 3}, {2, 2}, Padding::valid, Activation::none}));
  EXPECT_EQ(std::get<MaxPool>(network.layers[1]), (MaxPool{{3, 3}, {1, 1}}));
  EXPECT_EQ(std::get<MaxPool>(network.layers[2]), (MaxPool{{2, 2}, {2, 2}}));
  EXPECT_EQ(message(with_layer(R"({"type":"max_pool","size":0})")),
            "net.json: layers[0].size: number out of range (expected a whole number of at least 1, got 0)");
  EXPECT_EQ(message(with_layer(R"({"type":"max_pool","size":"2"})")),
            R"(net.json: layers[0].size: wrong type (expected an array of 2, got "2"))");
}

TEST(NetworkJson, KnowsTheWordsOfKerasAndPyTorch) {
  const auto hint = [](const std::string& layer) { return refusal(with_layer(layer)).hint; };
  EXPECT_EQ(hint(R"({"type":"Conv2D","filters":3,"kernel_size":3})"), "did you mean \"convolution\"?");
  EXPECT_EQ(hint(R"({"type":"MaxPooling2D"})"), "did you mean \"max_pool\"?");
  EXPECT_EQ(hint(R"({"type":"MaxPool2d"})"), "did you mean \"max_pool\"?");
  EXPECT_EQ(hint(R"({"type":"Dense","units":3})"), "did you mean \"dense\"?");
  EXPECT_EQ(hint(R"({"type":"Linear"})"), "did you mean \"dense\"?");
  EXPECT_EQ(hint(R"({"type":"FLATTEN"})"), "did you mean \"flatten\"?");
  EXPECT_EQ(hint(R"({"type":"ReLU"})"), "\"activation\" is a key of the layer before it");
  EXPECT_EQ(hint(R"({"type":"InputLayer"})"), "\"input\" stands once, beside \"layers\"");
  EXPECT_EQ(hint(R"({"type":"AveragePooling2D"})"), "did you mean \"average_pool\"?");
  EXPECT_EQ(hint(R"({"type":"GlobalAveragePooling2D"})"), "did you mean \"global_average_pool\"?");
  for (const char* type : {"BatchNormalization", "DepthwiseConv2D"})
    EXPECT_EQ(hint(R"({"type":")" + std::string(type) + "\"}"),
              "not supported: docs/formats.md shows the layers that nib has");
  EXPECT_EQ(hint(R"({"type":"dense","units":3,"activation":"gelu"})"),
            "not supported: nib has \"relu\", and \"softmax\" in the last layer");
  EXPECT_EQ(hint(R"({"type":"convolution","filters":3,"kernel_size":3})"), "did you mean \"kernel\"?");
  EXPECT_EQ(hint(R"({"type":"convolution","out_channels":3,"kernel":3})"), "did you mean \"filters\"?");
  EXPECT_EQ(hint(R"({"type":"convolution","filters":3,"kernel":3,"strides":2})"), "did you mean \"stride\"?");
  EXPECT_EQ(hint(R"({"type":"convolution","filters":3,"kernel":3,"input_shape":[28,28,1]})"),
            "\"input\" stands once, beside \"layers\"");
  EXPECT_EQ(hint(R"({"type":"max_pool","pool_size":2})"), "did you mean \"size\"?");
  EXPECT_EQ(hint(R"({"type":"max_pool","kernel_size":2})"), "did you mean \"size\"?");
  EXPECT_EQ(hint(R"({"type":"dense","out_features":2})"), "did you mean \"units\"?");
  EXPECT_EQ(hint(R"({"type":"dropout","p":0.5})"), "did you mean \"rate\"?");
  EXPECT_EQ(hint(R"({"type":"dense","units":3,"activation":"ReLU"})"), "did you mean \"relu\"?");
  EXPECT_EQ(hint(R"({"type":"dense","units":3,"activation":"linear"})"), "did you mean \"none\"?");
  EXPECT_EQ(hint(R"({"type":"convolution","filters":3,"kernel":3,"padding":"SAME"})"), "did you mean \"same\"?");
}

TEST(NetworkJson, KnowsTheFormOfKeras) {
  // As keras.Sequential.to_json() writes it, shortened.
  const Problem whole = refusal(R"({"module":"keras","class_name":"Sequential","config":{"layers":[]}})");
  EXPECT_EQ(whole.field, "module");
  EXPECT_EQ(whole.hint, "this is Keras's own form: docs/formats.md shows that of nib");
  const Problem layer = refusal(with_layer(R"({"filters":3,"class_name":"Conv2D"})"));
  EXPECT_EQ(layer.field, "layers[0].class_name");
  EXPECT_EQ(layer.hint, "did you mean \"type\"?");
  EXPECT_EQ(refusal(R"({"input_shape":[28,28,1],"layers":[]})").hint, "did you mean \"input\"?");
  EXPECT_EQ(refusal(R"({"input":[28,28],"layers":[]})").hint,
            "the third number is that of channels, 1 for grey images");
}

TEST(NetworkJson, ListsEachKnownKeyOnceWhereOneIsUnknown) {
  EXPECT_EQ(
      message(with_layer(R"({"type":"convolution","filters":4,"kernel":[3,3],"dilation":[2,2],"activation":"relu"})")),
      "net.json: layers[0].dilation: unknown key (expected type, filters, kernel, stride, padding and activation)");
}

TEST(NetworkJson, NamesFileAndLayerOfANetworkWithoutSense) {
  EXPECT_EQ(message(with_layer(R"({"type":"convolution","filters":3,"kernel":[30,3]})")),
            "net.json: layer 1 (conv1): kernel 30x3 does not fit its input 28x28");
}

TEST(NetworkJson, SaysWhereTheTextIsNotJson) {
  EXPECT_EQ(message("{\n  \"input\": [28, 28, 1],\n  layers: []\n}"), "net.json: line 3, column 3: not valid JSON");
  EXPECT_EQ(message(""), "net.json: line 1, column 1: JSON ends too early");
  EXPECT_EQ(message("{\"input\":"), "net.json: line 1, column 10: JSON ends too early");
  EXPECT_EQ(message("{} {}"), "net.json: line 1, column 4: not valid JSON");
  EXPECT_THAT(message("{\"\xff\":1}"), HasSubstr("not valid JSON"));
  EXPECT_EQ(message(network_json(digits_network()) + std::string("\n\0 hidden", 9)),
            "net.json: line 2, column 1: NUL byte in the JSON text");
}

TEST(NetworkJson, BoundsDepthAndLength) {
  EXPECT_EQ(message(R"({"input":)" + std::string(100000, '[') + std::string(100000, ']') + "}"),
            "net.json: JSON is nested too deep (expected at most 8 levels)");
  EXPECT_EQ(message(std::string((1 << 20) + 1, ' ')),
            "net.json: too large for a network (expected at most 1,048,576 bytes, got 1,048,577)");
}

TEST(LoadNetwork, KnowsTheDigitsNetworkByName) { EXPECT_EQ(load_network("digits"), digits_network()); }

TEST(LoadNetwork, SaysWhatItTakesWhenThereIsNoSuchFile) {
  try {
    load_network("no/such/network.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ExitCode::io);
    EXPECT_THAT(error.what(), StartsWith("no/such/network.json: "));
    EXPECT_THAT(error.problem().hint, HasSubstr("digits"));
  }
}

}  // namespace
}  // namespace nib
