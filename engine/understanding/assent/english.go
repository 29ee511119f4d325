package assent

func english() []list {
	return []list{
		{yes, "yes|y|ys|yess|yeah|yea|yeh|yep|yup|yap|ya|yas|yus|aye|affirmative|yessir"},
		{nope, "no that s all|no thats all|no that is all|nope|nop|nah|naw|negative|no sir"},
		{no, "no|n"},
		{never, "don t bother|dont bother|doubt it|doubt that|i doubt it|i doubt that|afraid not|i m afraid not|not that i know of|not as far as i know|i fear not|never mind|nevermind|not in a million years|not in a thousand years|under no circumstances|by no means|in no way|nothing of the sort|nothing of the kind|over my dead body|never|never ever"},
		{short, "it is|it does|it did|i do|i did|i will|i am"},
		{firmly, "don t doubt it|don t doubt that|i don t doubt it|of course|obviously|naturally|definitely|definately|definitly|absolutely|certainly|totally|indeed|surely|for sure|hell|heck|by all means"},
		{certain, "sure|certain|positive"},
		{agree, "afraid so|i m afraid so|would be great|would be lovely|would be nice|confirm|confirmed|i confirm|guess so|suppose so|i guess so|very much so|super|brilliant|splendid|correct|right|exactly|exact|precisely|agreed|agree|fine|perfect|great|alright|all right|sure thing|true|deal|done|you bet|roger|with pleasure|gladly|go ahead|please do|go for it|do it|do that|let s do|let us do|let s go|let s|lets do|count me in|that s it"},
		{good, "good|works|work|want|wanna|like|love|necessary|accept|happy|glad|acceptable|possible|think so|hope to|suits|suit|interested|accurate|cool|awesome|excellent|wonderful|lovely"},
		{well, "i m good|i am good|im good|i m fine|i am fine|im fine|i m ok|i m okay|i am ok|i m all right|i m alright"},
		{bad, "wrong|false|incorrect|inaccurate|disagree|refuse|decline|unacceptable|bad"},
		{trouble, "problem|problems|prob|worries|doubt|doubts|objection|objections|mind|issue|issues|argue|complaint|complaints|question about it|care either way|question|questions"},
		{chance, "way|chance|deal breaker|need|needed|use"},
		{not, "not|isn t|is not|isnt|aren t|arent|wasn t|wasnt|don t|dont|doesn t|doesnt|didn t|didnt|won t|wont|wouldn t|wouldnt|can t|cannot|cant|couldn t|couldnt|shouldn t|haven t|havent|hasn t|ain t|aint|rather not|not really|not quite|not exactly|not entirely|not completely|not particularly|not what|not something"},
		{lacking, "without"},
		{why, "why"},
		{say, "say|said|saying"},
		{hedge, "maybe|perhaps|possibly|probably|might|may|only|but|if|unless|except|though|although|however|provided|providing|as long as|as soon as|once|until|depends|depending|on condition|under the condition|sometimes|partly|partially|kind of|sort of|kinda|more or less|almost|nearly|guess|suppose|hope|hopefully|don t know|dont know|do not know|idk|no idea|not idea|know|not necessarily|wait|actually|sorry|correction|i meant|or|either|otherwise|yeah right|not yes|and no|when|later|whatever|don t care|dont care"},
		{asks, "what|who|where|which|how|whose|do you mean|what do you mean|means|meaning|and you"},
		{you, "you"},
		{subject, "i|we|my|our|they|he|she|there|these|those|it|that|this"},
		{aux, "is|are|was|do|does|did|will|would|could|can|shall|should|have|has"},
		{filler, "im|s|m|re|ll|d|ve|am|be|been|the|a|an|to|of|so|then|me|us|them|him|her|your|in|on|at|with|by|for|and|as|well|very|much|just|now|today|yet|here|too|also|think|believe|had|get|go|going|got|sounds|sound|seems|looks|feel|it s|that s|one|thing|stuff|please|instead|quite|pretty|unfortunately|sadly|time|moment|anymore|any more|longer|plan|sounds like|after all|finally|exactly that|matter|about|good morning|mate|sir|madam|ma am|man|dear|guys|bro|ing|please sir"},
		{whole, "all|everything|everyone|every"},
		{very, "whatsoever|really|at all|big|real|slightest|single|any|ever|completely|totally fine|entirely|even"},
	}
}
