using System.Text.Json;
using ImageScan.Core.Inventory;
using static ImageScan.Core.Reports.BillElements;

namespace ImageScan.Core.Reports;

/// <summary>
/// Reads the packages of an SPDX 2 bill (https://spdx.github.io/spdx-spec/v2.3/package-information/). What a package was built from stands
/// in the annotations of our own bills, and in the upstream qualifier of Syft's package URLs.
/// </summary>
internal sealed class SpdxReader(PackageListEntries entries)
{
    public void Read(JsonElement bill)
    {
        foreach (JsonElement package in ElementsOf(bill, "packages"))
        {
            if (package.ValueKind == JsonValueKind.Object)
            {
                ReadPackage(package);
            }
        }
    }

    private void ReadPackage(JsonElement package)
    {
        string? purpose = TextOf(package, "primaryPackagePurpose");
        string? purl = ElementsOf(package, "externalRefs").Where(reference => TextOf(reference, "referenceType") == "purl")
            .Select(reference => TextOf(reference, "referenceLocator")).FirstOrDefault(locator => locator is not null);
        if (purpose == "OPERATING_SYSTEM" || TextOf(package, "SPDXID")?.StartsWith("SPDXRef-OperatingSystem", StringComparison.Ordinal) == true)
        {
            entries.Distribution ??= DistributionNames.Of(TextOf(package, "name") ?? "", TextOf(package, "versionInfo") ?? "");
        }
        else if (purl is { Length: > 0 } && !purl.StartsWith("pkg:oci/", StringComparison.Ordinal))
        {
            if (entries.Read(purl) is { } read)
            {
                entries.Add(WithAnnotations(read, package));
            }
        }
        else if (purl is null && purpose is not "CONTAINER")
        {
            entries.Skip("a package without a package URL");
        }
    }

    // "imagescan:source:name=openssl"
    private static Package WithAnnotations(Package read, JsonElement package)
    {
        if (read.Type.IsLanguage)
        {
            return read;
        }

        string?[] comments = [.. ElementsOf(package, "annotations").Select(annotation => TextOf(annotation, "comment"))];
        return read with
        {
            SourceName = read.SourceName ?? ValueOf("imagescan:source:name="),
            SourceVersion = read.SourceVersion ?? ValueOf("imagescan:source:version="),
            Module = read.Module ?? ValueOf("imagescan:package:module="),
        };

        string? ValueOf(string key) => comments.FirstOrDefault(comment => comment?.StartsWith(key, StringComparison.Ordinal) == true)?[key.Length..];
    }
}
