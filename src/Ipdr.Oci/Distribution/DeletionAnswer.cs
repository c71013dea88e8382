namespace Ipdr.Oci.Distribution;

/// <summary>What a registry answers to a wish to delete.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Said">Status and reason of a refusal.</param>
internal readonly record struct DeletionAnswer(Deletion Outcome, string Said);
