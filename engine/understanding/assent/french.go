package assent

func french() []list {
	return []list{
		{yes, "ui|wi|oui|o|ouais|ouaip|ouaips|ouep|oué|yes|mouais oui"},
		{whether, "si|s"},
		{nope, "non c est tout|nan|nope|que non"},
		{no, "non|n"},
		{never, "pas le cas|n est pas le cas|j en doute|mais non|j ai bien peur que non|je crains que non|plus maintenant|jamais|jamais de la vie|en aucun cas|hors de question|surtout pas|en aucune façon|absolument pas|certainement pas|pas du tout|sous aucun prétexte|même pas en rêve|pas question"},
		{firmly, "bien sûr|bien sur|évidemment|bien entendu|certainement|absolument|carrément|naturellement|effectivement|assurément|forcément|sans faute|clairement|certes"},
		{certain, "sûr|sure|sur|certain|certaine"},
		{agree, "confirme|confirmé|je confirme|génial|avez raison|as raison|grand plaisir|d accord|dac|d acc|exact|exacte|exactement|correct|correcte|tout à fait|parfait|parfaitement|entendu|volontiers|avec plaisir|ça marche|ca marche|c est ça|c est bon|c est vrai|vrai|ça me va|ça me convient|allez y|vas y|allons y|très bien|super|nickel|impeccable|marché conclu|bonne idée|je veux bien|ça roule|c est parti|faites|fais le|faites le|ça joue"},
		{good, "envie|partant|partante|intéressé|intéressée|bon|bonne|bien|veux|voudrais|voulons|souhaite|aimerais|convient|va|marche|intéresse|interesse|besoin|nécessaire|necessaire|peine|utile|possible|content|accepte|crois que oui|pense que oui|prends|plaît|aime"},
		{light, "bon|bah|ben"},
		{bad, "faux|fausse|incorrect|incorrecte|inexact|mauvais|refuse|erroné"},
		{trouble, "problème|probleme|problèmes|souci|soucis|doute|inconvénient|objection|objections|hésiter|hésitation|dérange|derange|contre|pb|gêne"},
		{chance, "chance|moyen|façon"},
		{lacking, "aucun|aucune|sans"},
		{not, "pas|rien|plus du tout|pas vraiment|pas tout à fait|pas exactement|pas encore|pas maintenant|plutôt pas|point"},
		{why, "pourquoi"},
		{say, "dire|dis|dirais|dit|dirai"},
		{hedge, "si possible|si c est possible|si vous voulez|si tu veux|si besoin|si je pouvais|peut être|peutêtre|possiblement|probablement|sans doute|seulement|uniquement|mais|sauf|à condition|a condition|tant que|pourvu que|à moins|dépend|depend|ça dépend|selon|parfois|quelquefois|plus ou moins|presque|en partie|sais pas|sais|aucune idée|idée|bof|mouais|on verra|verra|pas forcément|pas nécessairement|attendez|attends|pardon|désolé|excusez|je veux dire|ou bien|plutôt dire|enfin|quand|plus tard|j espère|espère|suppose|et non|et oui|bon marché|c est bon marché|m est égal|égal|quoique|cependant|par contre"},
		{asks, "quoi|comment|combien|quel|quelle|qui|que|est ce que|à quoi|lequel|laquelle|veut dire|et vous|et toi|êtes vous|es tu|est il|avez vous|pouvez vous|peux tu|pourriez vous"},
		{where, "où"},
		{subject, "je|j|nous|mon|ma|mes|notre|il|elle|on|c|ce|cela|moi"},
		{filler, "est|suis|sont|était|être|ne|n|me|m|te|t|le|la|les|l|un|une|de|d|du|des|en|y|à|au|aux|pour|avec|par|et|alors|donc|aussi|même|très|serait|seraient|vous|votre|lui|tu|toi|ai|a|as|avons|ont|fait|faire|faut|peux|peut|pourrais|crois|pense|trouve|dois|maintenant|aujourd hui|là|ici|euh|plus|monsieur|madame|plutôt|ça|ca|ma foi|préfère|préférerais|malheureusement|hélas|vois|pour le moment|pour l instant|tout de suite|semble|l air|là dessus|merci bien"},
		{whole, "tout|tous|toute|toutes"},
		{very, "que|qu|vraiment|du tout|tout à fait d|le moindre|de|d|trop"},
		{no, "non plus|plutôt non"},
		{firmly, "bien sûr que|mais bien sûr|sans aucun doute|sans le moindre doute"},
		{yes, "mais oui|oui oui"},
		{polite, "mais merci|merci beaucoup|merci bien|merci quand même"},
	}
}
