using System.Text;

namespace ImageScan.Core.Detectors.Python;

/// <summary>The headers of a Python distribution's metadata (https://packaging.python.org/en/latest/specifications/core-metadata/).</summary>
internal sealed class CoreMetadata
{
    private const string LicenseClassifier = "License :: ";

    private const int MaxLicenseLength = 128;
    private const int MaxClassifiers = 16;

    private readonly List<string> _classifiers = [];
    private string? _license;
    private string? _licenseExpression;
    private bool _isInLicense;
    private bool _isLicenseText;

    public string? Name { get; private set; }

    public string? Version { get; private set; }

    /// <summary>
    /// The expression, which is exact (https://peps.python.org/pep-0639/); else the free text, unless it is a placeholder or the beginning of
    /// the licence's whole text; else what the classifiers name; else that beginning. Null if it states none.
    /// </summary>
    public string? ChosenLicense
    {
        get
        {
            string? stated = _license is { Length: > 0 and <= MaxLicenseLength } and not "UNKNOWN" ? _license : null;
            return !string.IsNullOrEmpty(_licenseExpression) ? _licenseExpression
                : stated is not null && !_isLicenseText ? stated
                : _classifiers.Count > 0 ? string.Join(", ", _classifiers.Distinct())
                : stated;
        }
    }

    /// <summary>Takes the next line of the headers.</summary>
    public void Take(ReadOnlySpan<byte> line)
    {
        if (line[0] is (byte)' ' or (byte)'\t')
        {
            _isLicenseText |= _isInLicense;
            return;
        }

        int colon = line.IndexOf((byte)':');
        if (colon <= 0)
        {
            return;
        }

        ReadOnlySpan<byte> value = line[(colon + 1)..];
        string header = Encoding.UTF8.GetString(line[..colon]).ToLowerInvariant();
        _isInLicense = header == "license";
        switch (header)
        {
            // A header that stands twice counts once, as the packaging library reads it.
            case "name": Name ??= TextLines.TextOf(value); break;
            case "version": Version ??= TextLines.TextOf(value); break;
            case "license": _license ??= TextLines.TextOf(value); break;
            case "license-expression": _licenseExpression ??= TextLines.TextOf(value); break;
            case "classifier": TakeClassifier(TextLines.TextOf(value)); break;
        }
    }

    // "License :: OSI Approved :: MIT License"; "License :: OSI Approved" alone says nothing.
    private void TakeClassifier(string classifier)
    {
        if (_classifiers.Count < MaxClassifiers
            && classifier.StartsWith(LicenseClassifier, StringComparison.Ordinal)
            && classifier[(classifier.LastIndexOf(':') + 1)..].Trim() is not ("OSI Approved" or "") and var license)
        {
            _classifiers.Add(license);
        }
    }
}
