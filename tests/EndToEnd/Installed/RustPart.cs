using System.IO.Compression;
using System.Text;

namespace ImageScan.EndToEnd.Installed;

/// <summary>
/// A program of Rust's compiler with the list of crates that cargo-auditable adds
/// (https://github.com/rust-secure-code/cargo-auditable/blob/master/PARSING.md). One crate only built it.
/// </summary>
internal sealed class RustPart() : InstalledPart("COPY --from=rust /out /opt/rust", "rustc", "cc", "objcopy")
{
    private const string Crates = """
        {"packages":[
          {"name":"cc","version":"1.0.50","source":"crates.io","kind":"build"},
          {"name":"hello","version":"0.3.0","source":"local","dependencies":[0,2],"root":true},
          {"name":"smallvec","version":"0.6.9","source":"crates.io"}]}
        """;

    private string _program = "";

    public override IEnumerable<InstalledRow> Expected =>
    [
        Row("cargo", "hello", "0.3.0", "opt/rust/hello"),
        Row("cargo", "smallvec", "0.6.9", "opt/rust/hello"),
    ];

    public override async Task PrepareAsync(string workshop, DebianPackages debian)
    {
        _program = Path.Combine(workshop, "hello");
        await File.WriteAllTextAsync(Path.Combine(workshop, "hello.rs"), "fn main() {\n    println!(\"hello\");\n}\n");
        await using (var section = new ZLibStream(File.Create(Path.Combine(workshop, "crates")), CompressionLevel.Optimal))
        {
            await section.WriteAsync(Encoding.UTF8.GetBytes(Crates));
        }

        await Tool.RunAsync(workshop, "rustc", "-o", _program, "hello.rs");
        await Tool.RunAsync(workshop, "objcopy", "--add-section", ".dep-v0=crates", _program);
    }

    public override Task InstallAsync(RootFolder root)
    {
        File.Copy(_program, Path.Combine(root.FolderOf("opt/rust"), "hello"));
        return Task.CompletedTask;
    }
}
