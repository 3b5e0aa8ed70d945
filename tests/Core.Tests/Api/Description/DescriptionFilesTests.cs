using System.Text;
using ImageScan.Core.Api;
using ImageScan.Core.Api.Description;
using ImageScan.TestSupport;

namespace ImageScan.Core.Tests.Api.Description;

/// <summary>
/// The description as it lies in <c>docs</c>. <c>Description_Write=true dotnet test --project tests/Core.Tests</c> writes it anew.
/// </summary>
public sealed class DescriptionFilesTests
{
    public static TheoryData<string, ApiLevel> ImageSchemas => new()
    {
        { "docs/schema/image.schema.json", ApiLevel.Release45 },
        { "docs/schema/image-4.9.schema.json", ApiLevel.Release49 },
        { "docs/schema/image-latest.schema.json", ApiLevel.Latest },
    };

    [Fact]
    public void HoldTheWholeApiOfTheDefaultLevel() => AssertHolds("docs/openapi.json", ApiDescription.DocumentOf(new ApiSettings().Level));

    [Theory]
    [MemberData(nameof(ImageSchemas))]
    public void HoldASchemaOfTheImageOfEachLevel(string file, ApiLevel level) => AssertHolds(file, ApiDescription.ImageSchemaOf(level));

    private static void AssertHolds(string file, byte[] made)
    {
        string path = Repository.Path(file);
        if (Environment.GetEnvironmentVariable("Description_Write") == "true")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, made);
        }

        string written = File.Exists(path) ? File.ReadAllText(path) : "";
        Assert.True(
            written == Encoding.UTF8.GetString(made),
            $"{file} is not what the sources say: Description_Write=true dotnet test --project tests/Core.Tests writes it anew.");
    }
}
