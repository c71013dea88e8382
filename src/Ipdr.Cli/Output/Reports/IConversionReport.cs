using Ipdr.Oci.Conversion;

namespace Ipdr.Cli.Output.Reports;

/// <summary>Puts results on stdout.</summary>
internal interface IConversionReport
{
    /// <summary>Writes all results.</summary>
    /// <param name="results">One for each archive.</param>
    /// <param name="oneOutput">They all went to one place.</param>
    void Write(IReadOnlyList<ConversionResult> results, bool oneOutput);
}
