namespace ImageScan.Core.Reports;

/// <summary>One form in which people and their tools read what was found. The same report gives the same bytes.</summary>
public interface IReportFormat
{
    /// <summary>What it is asked for by: lower-case letters and digits, <c>sarif</c>.</summary>
    string Name { get; }

    /// <summary>Its media type, without parameters.</summary>
    string MediaType { get; }

    /// <summary>The end of its files' names, without the dot.</summary>
    string FileExtension { get; }

    /// <summary>Writes the whole document in UTF-8. No text of the report may become anything but text in it.</summary>
    /// <param name="report">What to write.</param>
    /// <param name="output">Where to; stays open.</param>
    void Write(ImageReport report, Stream output);
}
