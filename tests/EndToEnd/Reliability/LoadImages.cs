using System.Text;
using System.Text.Json;
using ImageScan.Core.Images;
using ImageScan.EndToEnd.Registry;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;

namespace ImageScan.EndToEnd.Reliability;

/// <summary>
/// The images of the load: five families that share a base each, from 20 KB to 5 MB; one family may be scanned with force. Some have two names,
/// and three lie: that a layer is longer than it is, that it is shorter, and that there is one where none is.
/// </summary>
internal static class LoadImages
{
    /// <summary>For <c>Scan__InlineBytes</c>: about half of the images are larger.</summary>
    public const string InlineBytes = "300000";

    private const int Families = 5;
    private static readonly string[] Packages = ["lodash", "minimist", "express", "debug", "qs", "semver", "ws", "ini"];
    private static readonly int[] BaseCharacters = [2_000, 60_000, 250_000, 900_000, 2_000_000];

    /// <summary>An advisory for every package of theirs.</summary>
    public static string[] Advisories => [.. Packages.Select((package, index) => TestAdvisories.Record($"CVE-2026-20{index:d2}", package, "2.0.0"))];

    /// <summary>Makes them and puts them into the registry; the same seed makes the same bytes.</summary>
    public static IReadOnlyList<LoadImage> Push(TestRegistry registry, int count, int seed)
    {
        var dice = new Dice(seed, "images");
        LoadLayer[] bases = [.. Enumerable.Range(0, Families).Select(family => BaseOf(dice, family))];
        LoadLayer[] middles = [.. Enumerable.Range(0, 2 * Families).Select(_ => LayerOf(dice, "middle", dice.Between(2_000, 500_000)))];
        return [.. Enumerable.Range(0, count).Select(number =>
        {
            int family = number % Families;
            LoadLayer top = LayerOf(dice, $"image{number}", number % 8 == 7 ? dice.Between(1_000_000, 3_000_000) : dice.Between(500, 20_000));
            LoadLayer[] layers = [bases[family], middles[family + (dice.Between(0, 1) * Families)], top];
            (MadeImage image, Digest? lie) = LieOf(ImageOf(number, layers), number);
            string[] tags = number % 7 == 3 ? ["1", "latest"] : ["1"];
            return new LoadImage(image)
            {
                Names = [.. tags.Select(tag => registry.Push($"load/family{family}/image{number}", tag, image))],
                MayBeForced = family == 0,
                Lie = lie,
            };
        })];
    }

    private static MadeImage ImageOf(int number, IEnumerable<LoadLayer> layers)
    {
        var builder = new ImageBuilder();
        builder.AddLabel("number", $"{number}");
        foreach (LoadLayer layer in layers)
        {
            builder.AddLayer("COPY . .", layer.Blob, layer.DiffId);
        }

        return builder.Build();
    }

    private static LoadLayer BaseOf(Dice dice, int family) => LayerOf(
        dice,
        $"base{family}",
        BaseCharacters[family],
        ("usr/lib/os-release", $"ID=debian\nVERSION_ID=\"{10 + family}\"\nPRETTY_NAME=\"Debian GNU/Linux {10 + family}\"\n"),
        ("var/lib/dpkg/status", $"Package: base-files\nStatus: install ok installed\nArchitecture: amd64\nVersion: {10 + family}.1\nDescription: made\n\n"));

    private static LoadLayer LayerOf(Dice dice, string name, int characters, params IEnumerable<(string, string)> files)
    {
        string package = dice.OneOf(Packages);
        (string, string)[] all = [.. files, TestImages.Npm(package, $"{dice.Between(1, 2)}.{dice.Between(0, 9)}.0"), ($"srv/{name}.bin", dice.Filler(characters))];
        MadeImage alone = new ImageBuilder().AddLayer("COPY . .", all).Build();
        using JsonDocument config = JsonDocument.Parse(alone.Config.Bytes);
        return new LoadLayer(alone.Layers[0], Digest.Parse(config.RootElement.GetProperty("rootfs").GetProperty("diff_ids")[0].GetString()!));
    }

    private static (MadeImage Image, Digest? Lie) LieOf(MadeImage image, int number)
    {
        MadeBlob top = image.Layers[^1];
        string size = $"\"size\":{top.Bytes.Length}";
        var absent = Digest.Parse($"sha256:{new string('0', 64)}");
        return number switch
        {
            5 => (With(image, size, $"\"size\":{top.Bytes.Length + 1}"), top.Digest),
            18 => (With(image, size, $"\"size\":{top.Bytes.Length - 1}"), top.Digest),
            31 => (With(image, $"{top.Digest}", $"{absent}"), absent),
            _ => (image, null),
        };
    }

    private static MadeImage With(MadeImage image, string truth, string lie)
    {
        string manifest = Encoding.UTF8.GetString(image.Manifest.Bytes.Span);
        Assert.Contains(truth, manifest, StringComparison.Ordinal);
        return image with { Manifest = new MadeBlob(image.Manifest.MediaType, Encoding.UTF8.GetBytes(manifest.Replace(truth, lie, StringComparison.Ordinal))) };
    }

    private sealed record LoadLayer(MadeBlob Blob, Digest DiffId);
}
