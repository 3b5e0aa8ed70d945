using ImageScan.Core.Detectors;
using ImageScan.Core.Detectors.WordPress;
using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Detectors.WordPress;

public sealed class WordPressDetectorTests
{
    private const string Core = "var/www/html/wp-includes/version.php";
    private const string Plugin = "var/www/html/wp-content/plugins/akismet/akismet.php";
    private const string Theme = "var/www/html/wp-content/themes/twentytwentythree/style.css";

    private readonly WordPressDetector _detector = new();

    [Theory]
    [InlineData(Core, "wordpress-version.php", "wordpress", "6.1.9", null)]
    [InlineData(Plugin, "wordpress-akismet.php", "plugin/akismet", "5.0.2", "GPLv2 or later")]
    [InlineData(Theme, "wordpress-twentytwentythree.css", "theme/twentytwentythree", "1.0", "GNU General Public License v2 or later")]
    public void ReadsTheFilesOfARealInstallation(string path, string file, string name, string version, string? license)
    {
        FileFindings found = Detection.ReadTestData(_detector, path, file);

        Package package = Assert.Single(found.Packages);
        Assert.Equal(
            (PackageType.WordPress, name, version, license, path),
            (package.Type, package.Name, package.Version, package.License, package.Path));
        Assert.Empty(found.Warnings);
    }

    [Theory]
    [InlineData("<?php /* Plugin Name: A */ /* Version: no */\n// Version: 1.2\n", "1.2")]
    [InlineData("<?php\r/**\r * Plugin Name: A\r * Version:1.2-beta \r */", "1.2-beta")]
    [InlineData("<?php\n#@ plugin name: A\n\t* VERSION: 1.2 */ ?>\n", "1.2")]
    [InlineData("/* Plugin Name: A\nRequires Version: 9\nVersion: 1.2\nVersion: 3", "1.2")]
    public void ReadsAHeaderAsWordPressDoes(string text, string version) =>
        Assert.Equal(version, Assert.Single(Detection.Read(_detector, Plugin, text).Packages).Version);

    [Theory]
    [InlineData("<?php // a class of the plugin\n")]
    [InlineData("<?php /* Version: 1 */")]
    [InlineData("<?php /* My Plugin Name: x\nVersion: 1 */")]
    [InlineData("")]
    public void PassesOverFilesWithoutAHeader(string text)
    {
        FileFindings found = Detection.Read(_detector, Plugin, text);

        Assert.Empty(found.Packages);
        Assert.Empty(found.Warnings);
    }

    [Fact]
    public void LooksForAHeaderNoFurtherThanWordPress()
    {
        string text = new string(' ', 8 << 10) + "\nPlugin Name: A\nVersion: 1\n";

        Assert.Empty(Detection.Read(_detector, Plugin, text).Packages);
    }

    [Theory]
    [InlineData(Core, "<?php $wp_db_version = 1;")]
    [InlineData(Core, "$wp_version = get();")]
    [InlineData(Plugin, "Plugin Name: A")]
    [InlineData(Theme, "Theme Name: A\nVersion:\n")]
    public void SaysThatNoVersionIsStated(string path, string text)
    {
        FileFindings found = Detection.Read(_detector, path, text);

        Assert.Empty(found.Packages);
        Assert.Contains("no version", Assert.Single(found.Warnings).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void NamesAPluginOfOneFileAfterIt()
    {
        FileFindings found = Detection.Read(_detector, "wp-content/plugins/hello.php", "<?php /* Plugin Name: Hello Dolly\nVersion: 1.7.2 */");

        Assert.Equal("plugin/hello", Assert.Single(found.Packages).Name);
    }

    [Theory]
    [InlineData(Core, true)]
    [InlineData("wp-includes/version.php", true)]
    [InlineData("usr/src/wordpress/wp-content/plugins/akismet/akismet.php", true)]
    [InlineData("wp-content/mu-plugins/loader.php", true)]
    [InlineData(Theme, true)]
    [InlineData("x/mywp-includes/version.php", false)]
    [InlineData("x/my-wp-content/plugins/a/a.php", false)]
    [InlineData("wp-content/plugins/akismet/views/notice.php", false)]
    [InlineData("wp-content/plugins/akismet/style.css", false)]
    [InlineData("wp-content/themes/a/assets/style.css", false)]
    [InlineData("wp-content/themes/a/functions.php", false)]
    [InlineData("wp-content/plugins/.php", false)]
    [InlineData("wp-includes/other.php", false)]
    public void WantsTheMainFiles(string path, bool wanted) => Assert.Equal(wanted, _detector.Wants(path));
}
