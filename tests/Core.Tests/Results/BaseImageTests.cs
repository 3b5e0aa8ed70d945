using ImageScan.Core.Images;
using ImageScan.Core.Results;

namespace ImageScan.Core.Tests.Results;

public sealed class BaseImageTests
{
    private const string Add = "ADD rootfs.tar.gz / # buildkit";

    [Fact]
    public void EndsWhereTheLastButOneImageSaysWhatItStarts()
    {
        // Debian, Python on it, and an application on that.
        Assert.Equal(
            3,
            LayersOf(
                5, Add, "-CMD [\"bash\"]", "RUN apt-get install", "-ENV PYTHON_VERSION=3.12", "RUN make", "-CMD [\"python3\"]", "-WORKDIR /app",
                "COPY . .", "RUN pip install", "-ENTRYPOINT [\"/app/run\"]", "-CMD [\"-v\"]"));
    }

    [Theory]
    [InlineData("-/bin/sh -c #(nop)  CMD [\"sh\"]")]
    [InlineData("-/bin/sh -c #(nop) ENTRYPOINT [\"/docker-entrypoint.sh\"]")]
    [InlineData("-ENTRYPOINT [\"/tini\"]")]
    [InlineData("-CMD [\"sh\"]")]
    public void KnowsHowEachBuilderWritesIt(string step) => Assert.Equal(1, LayersOf(2, Add, step, "COPY . ."));

    [Fact]
    public void CannotTellWhereNothingFollows()
    {
        Assert.Null(LayersOf(1, Add, "-CMD [\"bash\"]"));
        Assert.Null(LayersOf(2, Add, "COPY . .", "-CMD [\"/x\"]", "-LABEL a=b"));
        Assert.Null(LayersOf(0));
    }

    [Fact]
    public void CannotTellFromStepsThatOnlyResembleOne()
    {
        Assert.Null(LayersOf(2, Add, "-CMDLINE x", "COPY . ."));
        Assert.Null(LayersOf(2, Add, "-ENV CMD [\"x\"]", "COPY . ."));
        Assert.Null(LayersOf(3, Add, "RUN CMD [", "COPY . ."));
    }

    [Fact]
    public void DoesNotTakeNoLayersForABase() => Assert.Null(LayersOf(1, "-CMD [\"x\"]", "COPY x /"));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void DoesNotBelieveAHistoryOfAnotherNumberOfLayers(int layers) => Assert.Null(LayersOf(layers, Add, "-CMD [\"sh\"]", "COPY . ."));

    // Steps that brought no layer begin with a dash.
    private static int? LayersOf(int layers, params string[] steps) => BaseImage.LayersOf(
        new ImageConfig { History = [.. steps.Select(step => new HistoryEntry(null, step.TrimStart('-'), "", step.StartsWith('-')))] }, layers);
}
