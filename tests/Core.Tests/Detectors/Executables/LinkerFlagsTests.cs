using ImageScan.Core.Detectors.Executables.Go;

namespace ImageScan.Core.Tests.Detectors.Executables;

public sealed class LinkerFlagsTests
{
    [Theory]
    [InlineData("-X main.version=v1.2.3", "v1.2.3")]
    [InlineData("-s -w -X=main.Version=1.2.3", "v1.2.3")]
    [InlineData("-X 'main.version=1.2.3' -X 'main.date=today is 4.5.6'", "v1.2.3")]
    [InlineData("-X \"main.AppVersion=1.2.3-rc.1\"", "v1.2.3-rc.1")]
    [InlineData("-X github.com/o/app/internal/build.Version=v1.2.3", "v1.2.3")]
    [InlineData("-X github.com/prometheus/common/version.Version=2.45.0 -X github.com/prometheus/common/version.Revision=1.1.1", "v2.45.0")]
    [InlineData("-X k8s.io/component-base/version.gitVersion=v1.28.1 -X k8s.io/client-go/pkg/version.gitVersion=v1.28.1", "v1.28.1")]
    [InlineData("-X main.version=v1.2.3 -X github.com/o/app/x.Version=v9.9.9", "v1.2.3")]
    [InlineData("-X main.version=v1.2.3-5-g1a2b3c4", "v1.2.3")]
    [InlineData("-X main.version=v1.2.3-rc.1-5-g1a2b3c4-dirty", "v1.2.3-rc.1")]
    [InlineData("-X main.version=v1.2.3+build.5", "v1.2.3")]
    public void TakesTheVersionOfTheProgram(string flags, string version) => Assert.Equal(version, LinkerFlags.VersionIn(flags, "github.com/o/app"));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("-s -w")]
    [InlineData("-X")]
    [InlineData("-X main.version")]
    [InlineData("-X main.version=")]
    [InlineData("-X main.version=latest")]
    [InlineData("-X main.version=0.0.0-dev")]
    [InlineData("-X main.version=1a2b3c4d")]
    [InlineData("-X main.version=1.2")]
    [InlineData("-X main.goVersion=1.2.3")]
    [InlineData("main.version=1.2.3")]
    [InlineData("-X github.com/o/dependency.Version=1.2.3")]
    [InlineData("-X github.com/o/application.Version=1.2.3")]
    [InlineData("-X main.version=1.2.3 -X main.semver=1.2.4")]
    public void TakesNoneThatIsNotSure(string? flags) => Assert.Null(LinkerFlags.VersionIn(flags, "github.com/o/app"));
}
