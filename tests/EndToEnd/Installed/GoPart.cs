namespace ImageScan.EndToEnd.Installed;

/// <summary>Programs of Go's compiler from vendored modules, of which a fork replaces one; and one as compilers before Go 1.18 wrote it.</summary>
internal sealed class GoPart() : InstalledPart("COPY --from=go /out /usr/local/bin", "go")
{
    private const string Bin = "usr/local/bin";

    // https://go.dev/ref/mod#go-mod-vendor
    private static readonly (string Path, string Text)[] Sources =
    [
        ("go.mod", """
            module example.com/app

            go 1.17

            require (
                example.com/first v1.2.3
                example.com/second v0.4.0
            )

            replace example.com/second => example.com/fork v0.4.1

            """),
        ("main.go", """
            package main

            import (
                "example.com/first"
                "example.com/second"
            )

            var version = "unknown"

            func main() { println(version, first.Name(), second.Name()) }

            """),
        ("vendor/modules.txt", """
            # example.com/first v1.2.3
            ## explicit
            example.com/first
            # example.com/second v0.4.0 => example.com/fork v0.4.1
            ## explicit
            example.com/second
            # example.com/second => example.com/fork v0.4.1

            """),
        ("vendor/example.com/first/first.go", "package first\n\nfunc Name() string { return \"first\" }\n"),
        ("vendor/example.com/second/second.go", "package second\n\nfunc Name() string { return \"second\" }\n"),
    ];

    private string _workshop = "";
    private string _goVersion = "";

    public override IEnumerable<InstalledRow> Expected =>
    [
        Row("go", "example.com/app", "(devel)", $"{Bin}/plain"),
        .. Modules($"{Bin}/plain"),
        // Modules have a "v" before their version, whatever the linker was told.
        Row("go", "example.com/app", "v1.2.3", $"{Bin}/stripped"),
        .. Modules($"{Bin}/stripped"),
        Row("go", "example.com/old", "v1.0.0", $"{Bin}/old"),
        Row("go", "example.com/dependency", "v0.9.0", $"{Bin}/old"),
        Row("go", "stdlib", "1.15.2", $"{Bin}/old"),
    ];

    public override async Task PrepareAsync(string workshop, DebianPackages debian)
    {
        _workshop = workshop;
        foreach ((string path, string text) in Sources)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(workshop, path))!);
            await File.WriteAllTextAsync(Path.Combine(workshop, path), text);
        }

        _goVersion = (await GoAsync("env", "GOVERSION")).Trim().Split(' ')[0]["go".Length..];
        await GoAsync("build", "-mod=vendor", "-trimpath", "-o", "out/plain", ".");
        // With -trimpath the linker's flags would not be recorded (https://go.dev/issue/52372).
        await GoAsync("build", "-mod=vendor", "-ldflags", "-s -w -X main.version=1.2.3", "-o", "out/stripped", ".");
        OldGoProgram.Write(
            Path.Combine(workshop, "out/old"),
            "go1.15.2",
            "path\texample.com/old\nmod\texample.com/old\tv1.0.0\t\ndep\texample.com/dependency\tv0.9.0\th1:AAAA=\n");
    }

    public override async Task InstallAsync(RootFolder root)
    {
        await Tool.RunAsync(root.Path, "cp", "-r", $"{_workshop}/out/.", root.FolderOf(Bin));
        File.Copy(root.Of($"{Bin}/plain"), root.Of($"{Bin}/gone"));
    }

    public override Task CleanUpAsync(RootFolder root)
    {
        File.Delete(root.Of($"{Bin}/gone"));
        return Task.CompletedTask;
    }

    private IEnumerable<InstalledRow> Modules(string program) =>
    [
        Row("go", "example.com/first", "v1.2.3", program),
        Row("go", "example.com/fork", "v0.4.1", program),
        Row("go", "stdlib", _goVersion, program),
    ];

    private Task<string> GoAsync(params string[] arguments)
    {
        var environment = new Dictionary<string, string?>
        {
            ["GOFLAGS"] = "-buildvcs=false",
            ["GOTOOLCHAIN"] = "local",
            ["GOPROXY"] = "off",
            ["GO111MODULE"] = "on",
            ["CGO_ENABLED"] = "0",
            ["GOCACHE"] = Path.Combine(_workshop, "cache"),
            ["GOPATH"] = Path.Combine(_workshop, "path"),
        };
        return Tool.RunAsync(_workshop, environment, "", ["go", .. arguments]);
    }
}
