using ImageScan.Core.Images;

namespace ImageScan.Core.Tests.Images;

public sealed class ImageHistoryTests
{
    [Theory]
    [InlineData("/bin/sh -c #(nop) ADD file:abc in / ", "ADD", "file:abc in /")]
    [InlineData("/bin/sh -c #(nop)  CMD [\"bash\"]", "CMD", "[\"bash\"]")]
    [InlineData("/bin/sh -c apt-get update", "RUN", "apt-get update")]
    [InlineData("RUN /bin/sh -c apk add x # buildkit", "RUN", "/bin/sh -c apk add x # buildkit")]
    [InlineData("COPY --from=build /a /b # buildkit", "COPY", "--from=build /a /b # buildkit")]
    [InlineData("  WORKDIR /app ", "WORKDIR", "/app")]
    [InlineData("bazel build //image", "RUN", "bazel build //image")]
    [InlineData("COPYRIGHT x", "COPY", "COPYRIGHT x")]
    [InlineData("HEALTHCHECK", "HEALTHCHECK", "HEALTHCHECK")]
    [InlineData("", "RUN", "")]
    public void SplitsAHistoryEntry(string createdBy, string instruction, string value) =>
        Assert.Equal((instruction, value), ImageHistory.SplitStep(createdBy));

    [Theory]
    [InlineData("ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR")]
    public void KnowsEveryInstruction(string words) =>
        Assert.All(words.Split(' '), word => Assert.Equal((word, "x"), ImageHistory.SplitStep($"{word} x")));

    [Fact]
    public void CountsEmptyStepsInLayerIndexes()
    {
        var config = new ImageConfig { History = [Step(false), Step(true), Step(true), Step(false), Step(true)] };

        Assert.Equal([0, 3], ImageHistory.LayerIndexes(config));
    }

    private static HistoryEntry Step(bool isEmpty) => new(null, "RUN x", "", isEmpty);
}
