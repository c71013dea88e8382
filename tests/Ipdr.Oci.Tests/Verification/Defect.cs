using Ipdr.Oci.Faults;
using Ipdr.Oci.Transfer;
using Ipdr.Oci.Verification;

namespace Ipdr.Oci.Tests.Verification;

/// <summary>One way in which a sound image is made wrong, and the one code that tells it.</summary>
/// <param name="Name">What is wrong.</param>
/// <param name="Code">The code that must be found, and no other but those that follow.</param>
/// <param name="Make">Writes the target and tells its path.</param>
internal sealed record Defect(string Name, FaultCode Code, Func<TemporaryFolder, string> Make)
{
    /// <summary>Codes that follow from the defect and cannot but be found as well.</summary>
    public FaultCode[] Follows { get; init; } = [];

    public TargetForm Form { get; init; }

    public VerificationOptions Options { get; init; } = new();

    /// <summary>The same defect, from which others follow.</summary>
    public Defect Then(params FaultCode[] follows) => this with { Follows = follows };

    /// <summary>What is verified, once it is written.</summary>
    public VerificationTarget TargetOf(string path)
    {
        VerificationTarget target = VerificationTarget.OfPath(path, Form);
        return Options.Keys.Count == 0 ? target : target.WithSource(token => Places.OpenSourceAsync(ImagePlace.Parse(path), new PlaceOptions(), token));
    }

    /// <summary>A layout in a folder.</summary>
    public static Defect InFolder(string name, FaultCode code, Func<SampleLayout> make) => new(name, code, folder => make().WriteFolder(folder));

    /// <summary>An archive.</summary>
    public static Defect InArchive(string name, FaultCode code, Func<SampleLayout> make) => new(name, code, folder => make().WriteArchive(folder));

    /// <summary>A layer on top of sound ones.</summary>
    public static Defect OfLayer(string name, FaultCode code, Func<SampleLayer> make) => InFolder(name, code, () => SampleLayout.Oci(image => image.Layers.Add(make())));
}
