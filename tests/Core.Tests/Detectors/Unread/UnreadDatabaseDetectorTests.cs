using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.Unread;

namespace ImageScan.Core.Tests.Detectors.Unread;

public sealed class UnreadDatabaseDetectorTests
{
    [Theory]
    [InlineData("nix/var/nix/db/db.sqlite", "Nix")]
    [InlineData("var/db/pkg/sys-apps/baselayout-2.14/PF", "Portage")]
    [InlineData("var/lib/flatpak/repo/config", "Flatpak")]
    [InlineData("app/.pnp.cjs", "Yarn Plug'n'Play")]
    [InlineData(".pnp.cjs", "Yarn Plug'n'Play")]
    public void SaysThatADatabaseIsNotRead(string path, string kind)
    {
        FileFindings found = Detection.Read(new UnreadDatabaseDetector(), path, "");

        Assert.Empty(found.Packages);
        Assert.Contains(kind, Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("var/lib/rpm/__db.001")]
    [InlineData("var/db/pkg/sys-apps/sed-4.9/PF")]
    [InlineData("app/node_modules/x/test/.pnp.cjs")]
    [InlineData("app/x.pnp.cjs")]
    public void WantsNothingElse(string path) => Assert.False(new UnreadDatabaseDetector().Wants(path));
}
