using ImageScan.TestSupport;

namespace ImageScan.Core.Tests;

public sealed class RoomArrowsTests
{
    [Fact]
    public void NoRoomUsesAnotherThatTheTableDoesNotAllow()
    {
        string core = Repository.Path("src", "Core");
        List<string> files =
        [
            .. Directory.EnumerateFiles(core, "*.cs", SearchOption.AllDirectories)
                .Select(file => Path.GetRelativePath(core, file).Replace('\\', '/'))
                .Where(file => !file.StartsWith("bin/", StringComparison.Ordinal) && !file.StartsWith("obj/", StringComparison.Ordinal)),
        ];

        IEnumerable<string> broken = files.SelectMany(file => RoomArrows.BrokenIn(file, File.ReadAllText(Path.Combine(core, file))));

        Assert.Contains("Images/Digest.cs", files);
        Assert.True(!broken.Any(), $"Mend the arrow, or change the table with a reason:{Environment.NewLine}{string.Join(Environment.NewLine, broken)}");
    }

    [Fact]
    public void EveryRoomOfTheTableHasFiles() => Assert.All(
        RoomArrows.Names,
        room => Assert.NotEmpty(Directory.EnumerateFiles(Repository.Path("src", "Core", room), "*.cs")));

    [Theory]
    [InlineData("Images/A.cs", "using ImageScan.Core.Scans;", "Images/A.cs:1: Images may not use Scans")]
    [InlineData("Images/A.cs", "using System;\nglobal using ImageScan.Core.Storage;", "Images/A.cs:2: Images may not use Storage")]
    [InlineData("Layers/A.cs", "using static ImageScan.Core.Inventory.Package;", "Layers/A.cs:1: Layers may not use Inventory")]
    [InlineData("Layers/A.cs", "using P = ImageScan.Core.Inventory.Package;", "Layers/A.cs:1: Layers may not use Inventory")]
    [InlineData("Layers/A.cs", "\n\nvar p = new global::ImageScan.Core.Inventory.Package();", "Layers/A.cs:3: Layers may not use Inventory")]
    [InlineData("Scans/A.cs", "using ImageScan.Core.Vulnerabilities.Feeds;", "Scans/A.cs:1: Scans may not use Vulnerabilities/Feeds")]
    [InlineData("Scans/A.cs", "using ImageScan.Core.Vulnerabilities.Feeds.Osv;", "Scans/A.cs:1: Scans may not use Vulnerabilities/Feeds")]
    [InlineData("Vulnerabilities/A.cs", "using ImageScan.Core.Vulnerabilities.Database;", "Vulnerabilities/A.cs:1: Vulnerabilities may not use Vulnerabilities/Database")]
    [InlineData("Access/A.cs", "using ImageScan.Core.Scans;", "Access/A.cs:1: Access may not use Scans")]
    [InlineData("Detectors/Apk/A.cs", "using ImageScan.Core.Storage;", "Detectors/Apk/A.cs:1: Detectors may not use Storage")]
    [InlineData("Api/A.cs", "ImageScan.Core.Composition.AddImageScan(x, y);", "Api/A.cs:1: ImageScan.Core.Composition is no room of the table")]
    [InlineData("Common/A.cs", "", "Common/A.cs:1: Common is no room of the table")]
    [InlineData("Images/A.cs", "using ImageScan.Core.Common;", "Images/A.cs:1: ImageScan.Core.Common is no room of the table")]
    [InlineData("Images/A.cs", "namespace ImageScan.Core.Scans;", "Images/A.cs:1: namespace ImageScan.Core.Scans lies in the folder of ImageScan.Core.Images")]
    [InlineData("Images/A.cs", "// a \"quote\nusing ImageScan.Core.Scans;", "Images/A.cs:2: Images may not use Scans")]
    [InlineData("Images/A.cs", "var a = \"\"\"\n\"x\n\"\"\";\nusing ImageScan.Core.Scans;", "Images/A.cs:4: Images may not use Scans")]
    public void APlantedViolationIsNamedWithFileAndLine(string path, string source, string expected) =>
        Assert.Equal([expected], RoomArrows.BrokenIn(path, source));

    [Theory]
    [InlineData("Detectors/A.cs", "using ImageScan.Core.Layers;")]
    [InlineData("Vulnerabilities/Matching/A.cs", "using ImageScan.Core.Vulnerabilities.Cvss;")]
    [InlineData("Vulnerabilities/Refresh/A.cs", "using ImageScan.Core.Vulnerabilities.Feeds;")]
    [InlineData("Storage/A.cs", "using ImageScan.Core.Results;")]
    [InlineData("Detectors/Apk/A.cs", "using ImageScan.Core.Detectors;\nnamespace ImageScan.Core.Detectors.Apk;")]
    [InlineData("Composition.cs", "using ImageScan.Core.Vulnerabilities.Feeds;\nnamespace ImageScan.Core;")]
    [InlineData("Images/A.cs", "/// see ImageScan.Core.Scans.Scan\nvar source = \"ImageScan.Core.Scans\";")]
    public void WhatTheTableAllowsPasses(string path, string source) => Assert.Empty(RoomArrows.BrokenIn(path, source));
}
