using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json.Nodes;
using ImageScan.EndToEnd.Scans;
using ImageScan.Local.Demo;
using ImageScan.TestSupport;

namespace ImageScan.EndToEnd.Description;

/// <summary>Images of every kind that an answer can tell apart.</summary>
internal static class ImagesOfEveryKind
{
    private const string Package = AdvisoriesOfEveryKind.Package;

    /// <summary>All of them, by name.</summary>
    public static IReadOnlyDictionary<string, MadeImage> All => new Dictionary<string, MadeImage>
    {
        ["languages"] = WithEveryField(TestImages.OfLayer(TestImages.TarOf(Languages()))),
        ["debian"] = Dpkg("debian", "12"),
        ["stale"] = Dpkg("debian", "8"),
        ["ubuntu"] = Dpkg("ubuntu", "22.04"),
        ["alpine"] = TestImages.OfLayer(TestImages.TarOf(
            OsRelease("alpine", "3.20.1"), File("lib/apk/db/installed", $"P:{Package}\nV:1.0.0-r0\nA:x86_64\no:{Package}\n\n"))),
        ["rhel"] = Rpm("rhel", "9.4", "Red Hat, Inc."),
        ["amazon"] = Rpm("amzn", "2", "Amazon Linux"),
        ["oracle"] = Rpm("ol", "9.4", "Oracle America"),
        ["photon"] = Rpm("photon", "5.0", "VMware, Inc."),
        ["suse"] = Rpm("sles", "15.5", "SUSE LLC <https://www.suse.com/>"),
        ["rocky"] = Rpm("rocky", "9.4", "Rocky Enterprise Software Foundation"),
        ["uncovered"] = Rpm("rhel", "7.9", "Red Hat, Inc."),
    };

    // No system at all, and a package of each ecosystem that StackRox knows and of one that it does not; of one name and version would be one component.
    private static IEnumerable<TarEntry> Languages() =>
    [
        File($"app/node_modules/{Package}/package.json", $$"""{"name":"{{Package}}","version":"1.0.0","license":"MIT"}"""),
        File($"usr/lib/python3/site-packages/{Package}-1.0.1.dist-info/METADATA", $"Metadata-Version: 2.1\nName: {Package}\nVersion: 1.0.1\n\n"),
        File(
            $"usr/lib/ruby/gems/3.1.0/specifications/{Package}-1.0.2.gemspec",
            $"Gem::Specification.new do |s|\n  s.name = \"{Package}\".freeze\n  s.version = \"1.0.2\"\nend\n"),
        File(
            "app/app.deps.json",
            """{"runtimeTarget":{"name":".NETCoreApp,Version=v8.0"},"targets":{".NETCoreApp,Version=v8.0":{"Vulnerable/1.0.0":{"runtime":{"a.dll":{}}}}},"libraries":{"Vulnerable/1.0.0":{"type":"package","sha512":""}}}"""),
        File("app/vendor/composer/installed.json", $$"""{"packages":[{"name":"made/{{Package}}","version":"1.0.0"}]}"""),
        File("app/lib/vulnerable.jar", Jar()),
        File("usr/bin/program", GoProgram()),
    ];

    private static MadeImage Dpkg(string id, string version) => TestImages.OfLayer(TestImages.TarOf(
        OsRelease(id, version),
        File("var/lib/dpkg/status", $"Package: {Package}\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0.0-1\n\n")));

    private static MadeImage Rpm(string id, string version, string vendor) => TestImages.OfLayer(TestImages.TarOf(
        OsRelease(id, version),
        File("var/lib/rpmmanifest/container-manifest-2", $"{Package}\t1.0.0-1\t1\t1\t{vendor}\t(none)\t1\tx86_64\t0\t{Package}-1.0.0-1.src.rpm\n")));

    private static PaxTarEntry OsRelease(string id, string version) => File("etc/os-release", $"ID={id}\nVERSION_ID=\"{version}\"\nPRETTY_NAME=\"{id} {version}\"\n");

    private static PaxTarEntry File(string path, string text) => File(path, Encoding.UTF8.GetBytes(text));

    private static PaxTarEntry File(string path, byte[] bytes) =>
        new(TarEntryType.RegularFile, path) { DataStream = new MemoryStream(bytes), Mode = (UnixFileMode)0b111_101_101 };

    private static byte[] Jar()
    {
        using var bytes = new MemoryStream();
        using (var jar = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
        {
            using Stream pom = jar.CreateEntry($"META-INF/maven/made/{Package}/pom.properties").Open();
            pom.Write(Encoding.UTF8.GetBytes($"groupId=made\nartifactId={Package}\nversion=1.0.0\n"));
        }

        return bytes.ToArray();
    }

    // Cut down by the tests of the detector to what names its modules.
    private static byte[] GoProgram()
    {
        using var packed = new GZipStream(
            System.IO.File.OpenRead(Repository.Path("tests", "Core.Tests", "Detectors", "Executables", "TestData", "go1.19-linux-amd64.gz")), CompressionMode.Decompress);
        using var program = new MemoryStream();
        packed.CopyTo(program);
        return program.ToArray();
    }

    // The configuration says all that one can say, and the layer is not the first step.
    private static MadeImage WithEveryField(MadeImage image)
    {
        JsonObject config = JsonNode.Parse(image.Config.Bytes.Span)!.AsObject();
        config["config"] = new JsonObject
        {
            ["User"] = "app",
            ["Cmd"] = new JsonArray("serve"),
            ["Entrypoint"] = new JsonArray("/bin/app"),
            ["Volumes"] = new JsonObject { ["/data"] = new JsonObject() },
            ["Labels"] = new JsonObject { ["maintainer"] = "nobody" },
        };
        var first = new JsonObject { ["created"] = "2026-01-01T00:00:00Z", ["created_by"] = "ENV A=1", ["empty_layer"] = true, ["author"] = "nobody" };
        config["history"]!.AsArray().Insert(0, first);
        config["history"]!.AsArray()[^1]!["author"] = "nobody";
        var blob = new MadeBlob(image.Config.MediaType, Encoding.UTF8.GetBytes(config.ToJsonString()));
        JsonObject manifest = JsonNode.Parse(image.Manifest.Bytes.Span)!.AsObject();
        manifest["config"]!["digest"] = $"{blob.Digest}";
        manifest["config"]!["size"] = blob.Bytes.Length;
        return image with { Config = blob, Manifest = new MadeBlob(image.Manifest.MediaType, Encoding.UTF8.GetBytes(manifest.ToJsonString())) };
    }
}
