using Ipdr.Oci.Conversion;

namespace Ipdr.Cli.Output.Reports;

/// <summary>For scripts: a manifest digest a line.</summary>
internal sealed class DigestReport(TextWriter output) : IConversionReport
{
    public void Write(IReadOnlyList<ConversionResult> results, bool oneOutput)
    {
        foreach (ConvertedImage image in results.SelectMany(result => result.Images))
            output.WriteLine(image.Manifest.Digest);
    }
}
