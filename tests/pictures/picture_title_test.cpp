#include "pictures/picture_title.h"

#include <gmock/gmock.h>

#include <cmath>

#include "pictures/example.h"
#include "pictures/run_pictures.h"

namespace nib {
namespace {

using testing::ElementsAre;

TEST(PictureTitle, NamesTheUsualNetworkAndDescribesOthers) {
  Network network = digits_network();
  EXPECT_EQ(network_in_words(network), "digits network");
  std::get<Convolution>(network.layers.front()).filters = 8;
  EXPECT_EQ(network_in_words(network), "network of 4 layers: conv 8, conv 64, dense 128, dense 10");
  network.layers = {Flatten{}, Dense{.units = 3, .activation = Activation::softmax}};
  EXPECT_EQ(network_in_words(network), "network of 1 layer: dense 3");
  network.layers.assign(7, Dense{.units = 3});
  EXPECT_EQ(network_in_words(network), "network of 7 layers");
}

TEST(PictureTitle, TellsTheAccuracyAsFarAsItIsKnown) {
  EXPECT_EQ(result_in_words({.images = 10000, .correct = 9895}), "98.95 % of 10,000 right");
  EXPECT_EQ(result_in_words({.accuracy = 0.9}), "90.00 % right");
  EXPECT_EQ(result_in_words({.accuracy = std::nan("")}), "");
}

TEST(PictureTitle, LeavesOutWhatIsNotKnown) {
  EXPECT_THAT(PictureTitle({.data = "MNIST", .run = "run x"}).parts(), ElementsAre("MNIST", "run x"));
}

Drawing sheet(double width) {
  Drawing drawing{.title = "What it shows", .width = width, .height = 50};
  drawing.add(Rectangle{.x = 1, .y = 2, .width = 3, .height = 4});
  drawing.add(Circle{.centre = {1, 2}, .radius = 1});
  drawing.add(Path{.points = {{1, 2}, {3, 4}}});
  drawing.add(InkImage{.x = 1, .y = 2, .width = 3, .height = 4, .rows = 1, .columns = 1, .ink = {9}});
  drawing.add(Text{.at = {1, 2}, .text = "text"});
  return drawing;
}

TEST(PictureTitle, StandsAboveThePictureWhichMovesDown) {
  const Drawing drawing = with_title(sheet(400), {"MNIST", "digits network", "run x"});
  EXPECT_THAT(texts_of(drawing), ElementsAre("text", "What it shows", "MNIST · digits network · run x"));
  const double down = drawing.height - 50;
  EXPECT_DOUBLE_EQ(std::get<Rectangle>(drawing.elements[0].shape).y, 2 + down);
  EXPECT_DOUBLE_EQ(std::get<Circle>(drawing.elements[1].shape).centre.y, 2 + down);
  EXPECT_DOUBLE_EQ(std::get<Path>(drawing.elements[2].shape).points[1].y, 4 + down);
  EXPECT_DOUBLE_EQ(std::get<InkImage>(drawing.elements[3].shape).y, 2 + down);
  EXPECT_DOUBLE_EQ(std::get<Text>(drawing.elements[4].shape).at.y, 2 + down);
  EXPECT_DOUBLE_EQ(std::get<Text>(drawing.elements[4].shape).at.x, 1);
  EXPECT_LT(std::get<Text>(drawing.elements[6].shape).at.y, down);
}

TEST(PictureTitle, TakesAsManyLinesAsANarrowSheetAsksFor) {
  const Drawing drawing = with_title(sheet(170), {"MNIST", "digits network", "98.95 % of 10,000 right", "run x"});
  EXPECT_THAT(texts_of(drawing),
              ElementsAre("text", "What it shows", "MNIST · digits network", "98.95 % of 10,000 right", "run x"));
  EXPECT_GT(drawing.height, with_title(sheet(400), {"MNIST"}).height);
}

TEST(PictureTitle, StandsInEveryPictureOfARun) {
  const ExampleRun run;
  const Tensor kernel{"conv1.weight", {2, 1, 3, 3}, std::vector<float>(18, 0.5F)};
  const std::vector<RunPicture> pictures = draw_pictures({.training = &run.images,
                                                          .augmentation = {.rotate = 5},
                                                          .history = &run.history,
                                                          .test = &run.images,
                                                          .predictions = &run.predictions,
                                                          .kernel = &kernel,
                                                          .class_names = run.images.class_names,
                                                          .title = {.data = "Set", .run = "run x"}});
  EXPECT_EQ(pictures.size(), run_picture_names(true).size());
  for (const RunPicture& picture : pictures) {
    ASSERT_TRUE(picture.drawing) << picture.name;
    EXPECT_THAT(texts_of(*picture.drawing), testing::Contains("Set · run x")) << picture.name;
    if (picture.narrow) {
      EXPECT_THAT(texts_of(*picture.narrow), testing::Contains("Set · run x")) << picture.name;
    }
  }
}

}  // namespace
}  // namespace nib
