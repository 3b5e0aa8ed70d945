using System.CommandLine;
using ImageScan.Core.Images;

namespace ImageScan.Local.Commands;

/// <summary>Arguments and options that several commands share.</summary>
internal static class ImageOptions
{
    public static Argument<string> Image() => new("IMAGE")
    {
        Description = "A name such as alpine:3.20, docker-archive:PATH, oci:PATH, or the path of such an archive or folder.",
    };

    public static Option<string> Format() => FormatOf("table", "json");

    /// <summary>The form of the result; the first is that of who says nothing.</summary>
    public static Option<string> FormatOf(params string[] values)
    {
        Option<string> option = OneOf("--format", values[0], values);
        option.Aliases.Add("-f");
        return option;
    }

    public static Option<string?> Platform()
    {
        var option = new Option<string?>("--platform")
        {
            Description = "os/architecture[/variant] of an image for several platforms; linux/amd64 unless given.",
        };
        option.Validators.Add(result =>
        {
            if (!Core.Images.Platform.TryParse(result.GetValueOrDefault<string>(), out _))
            {
                result.AddError("--platform must be os/architecture or os/architecture/variant, such as linux/arm64.");
            }
        });
        return option;
    }

    /// <summary>The platform given, null if none was.</summary>
    public static Platform? PlatformOf(ParseResult arguments, Option<string?> option) =>
        Core.Images.Platform.TryParse(arguments.GetValue(option), out Platform? platform) ? platform : null;

    public static Option<string> OneOf(string name, string standard, params string[] values)
    {
        var option = new Option<string>(name) { Description = $"{string.Join(", ", values[..^1])} or {values[^1]}", DefaultValueFactory = _ => standard };
        option.AcceptOnlyFromAmong(values);
        return option;
    }
}
