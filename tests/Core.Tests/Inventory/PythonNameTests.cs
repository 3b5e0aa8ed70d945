using ImageScan.Core.Inventory;

namespace ImageScan.Core.Tests.Inventory;

public sealed class PythonNameTests
{
    [Theory]
    [InlineData("Friendly-Bard", "friendly-bard")]
    [InlineData("FRIENDLY.BARD", "friendly-bard")]
    [InlineData("FrIeNdLy-._.-bArD", "friendly-bard")]
    [InlineData("zope.interface", "zope-interface")]
    public void NormalizesNamesAsPep503Says(string name, string normalized) => Assert.Equal(normalized, PythonName.Normalize(name));
}
